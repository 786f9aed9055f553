import type { Config } from '../../config.ts';
import { startDeploymentController } from '../../domain/controllers/deployment-controller.ts';
import { startReplicaSetController } from '../../domain/controllers/replicaset-controller.ts';
import { systemClock } from '../../domain/meta/clock.ts';
import type { Logger } from '../../domain/meta/logger.ts';
import { eventRecorder } from '../../domain/registry/event-recorder.ts';
import type { Registry } from '../../domain/registry/registry.ts';

export type ControllerParts = {
  config: Config;
  registry: Registry;
  /** PEM of the authority, published in every namespace. */
  authority: string;
  hostIp: () => string;
  logger: Logger;
  signal: AbortSignal;
};

/** Every controller of a one-node cluster; they run until the signal. */
export function startControllers({ registry, logger, signal }: ControllerParts): void {
  const recorder = (component: string) => eventRecorder(registry, { component, clock: systemClock, logger });
  const common = { registry, clock: systemClock, logger, signal };
  void startDeploymentController({ ...common, recorder: recorder('deployment-controller') });
  void startReplicaSetController({ ...common, recorder: recorder('replicaset-controller') });
}
