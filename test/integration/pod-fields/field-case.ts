import type { TestEngine } from '../engines.ts';
import type { SeenPod } from './seen-pod.ts';

/** One field of a Pod, and the effect that it must have. */
export type FieldCase = {
  /** As `kubectl explain` names it, below `pod.`: `spec.hostname`. Several cases of one field differ in what stands in brackets. */
  readonly field: string;
  readonly metadata?: object;
  /** With a folder of the case's own on the host. */
  readonly spec: object | ((folder: string) => object);
  /** Makes something of the host before the pod; answers how it ends. */
  readonly onHost?: (folder: string) => Promise<void | (() => void | Promise<void>)>;
  /** What the pod refers to; made before it, in its own namespace unless they name another. */
  readonly objects?: readonly object[];
  /** The phase to wait for. Default: Succeeded. */
  readonly until?: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  /** Makes what the case needs on the machine; answers how to undo it. */
  readonly prepare?: () => Promise<() => Promise<void>>;
  /** The effect, seen from inside the container, or in the engine; a case waits for what takes time. */
  readonly shows: (pod: SeenPod, folder: string) => Promise<void>;
  /** Why an engine cannot: true of the engine, and in the README's table too. */
  readonly cannot?: Partial<Record<TestEngine['kind'], string>>;
};

/** A name for the case's pod: `spec.hostname (long)` → `hostname-long`. */
export const podNameOf = ({ field }: FieldCase): string =>
  field
    .replace(/^(spec|metadata)\./, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(-60)
    .replace(/^-/, '');
