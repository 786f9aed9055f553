import type { ContainerExit } from '../../container-runtime/container.ts';
import type { PlanContext } from '../pod/compute-pod-actions.ts';
import type { WaitingReason } from './waiting-reason.ts';

export type StatusContext = Pick<PlanContext, 'isHeld' | 'engineBacksOff'> & {
  /** The engine says when a container was killed for memory; else it is concluded from the way it ended. */
  reportsOomKilled: boolean;
  now: Date;
  engine: string;
  hostIp: string;
  podIp?: string;
  waiting: ReadonlyMap<string, WaitingReason>;
  /** How the run before the present one ended, as far as the kubelet saw it. */
  lastExits: ReadonlyMap<string, ContainerExit>;
  /** What the probes say; a container without probes is ready and started while it runs. */
  probes: { ready(container: string): boolean; started(container: string): boolean };
  /** The pod ended for a reason of its own, such as its deadline. */
  failure?: { reason: string; message: string };
};
