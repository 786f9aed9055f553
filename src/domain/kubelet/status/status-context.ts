import type { ContainerExit, ContainerStatus as Observed } from '../../container-runtime/container.ts';
import type { PodVerdict } from '../pod/pod-verdict.ts';
import type { EngineHabits } from '../pod/stopped-by-hand.ts';
import type { GivenResources } from '../container-spec/given-resources.ts';
import type { ResizeTrouble } from './resize-conditions.ts';
import type { UpdateVerdict } from '../volumes/update-lock.ts';
import type { WaitingReason } from './waiting-reason.ts';

/** `ends`: nothing of the pod is started again. */
export type ContainerStatusContext = StatusContext & { ends: boolean };

export type StatusContext = EngineHabits & {
  /** The engine says when a container was killed for memory; else it is concluded from the way it ended. */
  reportsOomKilled: boolean;
  now: Date;
  engine: string;
  hostIp: string;
  /** The image of a container as its registry knows it. */
  imageRef(found: Observed): string;
  podIp?: string;
  waiting: ReadonlyMap<string, WaitingReason>;
  /** How the run before the present one ended, as far as the kubelet saw it. */
  lastExits: ReadonlyMap<string, ContainerExit>;
  /** The message that a container left at that end, if it was seen. */
  lastWords(container: string, exit: ContainerExit): string | undefined;
  /** The resources that a container was given last; undefined when nobody knows. */
  givenTo(found: Observed): GivenResources | undefined;
  resizes: ReadonlyMap<string, ResizeTrouble>;
  /** What probes and hooks say; a container without probes is ready and started while it runs. */
  probes: { ready(container: string): boolean; started(container: string): boolean };
  /** Of a pod that has an update lock. */
  updateAllowed?: UpdateVerdict;
  /** The pod has to end for a reason of its own, such as its deadline. */
  failure?: PodVerdict;
};
