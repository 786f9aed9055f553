import type { Clock } from '../meta/clock.ts';
import type { Logger } from '../meta/logger.ts';
import type { EventRecorder } from '../registry/event-recorder.ts';
import type { Registry } from '../registry/registry.ts';

/** What controllers are started with that decide about the pods of the one node. */
export type NodeControllerOptions = {
  registry: Registry;
  nodeName: string;
  /** component: the controller's name. */
  recorder: EventRecorder;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};
