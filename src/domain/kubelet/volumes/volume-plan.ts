import type { Payload } from './atomic-writer.ts';

/** What must exist before containers that mount the volume can start. */
export type VolumePlan =
  | { kind: 'files'; payload: Payload }
  | { kind: 'emptyDir' }
  | { kind: 'memory'; sizeBytes?: number }
  /** `type` undefined: nobody checks. */
  | { kind: 'hostPath'; path: string; type?: string }
  /** Of the host, for the engine to let containers use. */
  | { kind: 'device'; path: string }
  | { kind: 'image'; reference: string }
  /** Of the engine, by name; `isOurs` when k2d keeps its files. */
  | { kind: 'engineVolume'; volume: string; isOurs: boolean }
  /** Something it is made from is not there yet; the text is for the FailedMount event. */
  | { kind: 'missing'; message: string };
