import type { ServiceAccountTokens } from '../../api/auth/service-account-token.ts';
import type { Config } from '../../config.ts';
import { startAdmissionPolicyStatusController } from '../../domain/controllers/access/admission-policy-status-controller.ts';
import { startAdoptionController } from '../../domain/controllers/adoption/adoption-controller.ts';
import { startApiEndpointsController } from '../../domain/controllers/endpoints/api-endpoints-controller.ts';
import { startClusterRoleAggregationController } from '../../domain/controllers/access/clusterrole-aggregation-controller.ts';
import { startCronJobController } from '../../domain/controllers/cronjob/cronjob-controller.ts';
import { startCustomResourceDefinitionController } from '../../domain/controllers/definitions/custom-resource-definition-controller.ts';
import { startDaemonSetController } from '../../domain/controllers/daemonset/daemonset-controller.ts';
import { startDeploymentController } from '../../domain/controllers/deployment/deployment-controller.ts';
import { startDisruptionController } from '../../domain/controllers/disruption/disruption-controller.ts';
import { startEndpointSliceController } from '../../domain/controllers/endpoints/endpointslice-controller.ts';
import { startEndpointSliceMirroringController } from '../../domain/controllers/endpoints/endpointslice-mirroring-controller.ts';
import { startEndpointsController } from '../../domain/controllers/endpoints/endpoints-controller.ts';
import { startEphemeralVolumeController } from '../../domain/controllers/storage/ephemeral-volume-controller.ts';
import { startGarbageCollector } from '../../domain/controllers/garbage/garbage-collector.ts';
import { startHorizontalPodAutoscalerController } from '../../domain/controllers/autoscaling/horizontal-pod-autoscaler-controller.ts';
import { startJobController } from '../../domain/controllers/job/job-controller.ts';
import { startJobTrackingController } from '../../domain/controllers/job/job-tracking-controller.ts';
import { startTtlAfterFinishedController } from '../../domain/controllers/job/ttl-after-finished-controller.ts';
import { startNamespaceController } from '../../domain/controllers/namespace/namespace-controller.ts';
import { startPersistentVolumeController } from '../../domain/controllers/storage/persistentvolume-controller.ts';
import { startPersistentVolumeClaimController } from '../../domain/controllers/storage/persistentvolumeclaim-controller.ts';
import { startReplicaSetController } from '../../domain/controllers/replicaset/replicaset-controller.ts';
import { startReplicationManager } from '../../domain/controllers/replicaset/replication-manager.ts';
import { startResourceQuotaController } from '../../domain/controllers/quota/resource-quota-controller.ts';
import { startRootCaController } from '../../domain/controllers/access/root-ca-controller.ts';
import { startScheduler } from '../../domain/controllers/scheduling/scheduler.ts';
import { startServiceAccountController } from '../../domain/controllers/access/service-account-controller.ts';
import { startStatefulSetController } from '../../domain/controllers/statefulset/statefulset-controller.ts';
import { startStorageProtectionController } from '../../domain/controllers/storage/storage-protection-controller.ts';
import { startTaintEvictionController } from '../../domain/controllers/scheduling/taint-eviction-controller.ts';
import { startTokenSecretController } from '../../domain/controllers/access/token-secret-controller.ts';
import type { PullAhead } from '../../domain/controllers/updates/images-ahead.ts';
import { freeBytes } from './free-bytes.ts';
import { systemClock } from '../../domain/meta/clock.ts';
import type { Pod } from '../../domain/meta/types.ts';
import type { Logger } from '../../domain/meta/logger.ts';
import { expireEvents } from '../../domain/registry/event-expiry.ts';
import { eventRecorder } from '../../domain/registry/event-recorder.ts';
import type { Registry } from '../../domain/registry/registry.ts';
import type { ReadPodUsage } from '../../domain/resources/pod-usage.ts';
import type { ResourceCatalog } from '../../domain/resources/resource-catalog.ts';

export type ControllerParts = {
  config: Config;
  registry: Registry;
  catalog: ResourceCatalog;
  /** PEM of the authority, published in every namespace. */
  authority: string;
  tokens: ServiceAccountTokens;
  hostIp: () => string;
  /** What the environment of foreign containers hides. */
  secretEnvironment: (pod: Pod) => Promise<Record<string, string>>;
  /** What pods use now. */
  readUsage: ReadPodUsage;
  pullAhead: PullAhead;
  logger: Logger;
  signal: AbortSignal;
};

/**
 * What every namespace has before the first pod, who may do what, and the resources that users define: they look at no pod, so they need not
 * wait for the engine.
 */
export function startEarlyControllers(parts: ControllerParts): void {
  const { registry, catalog, authority, tokens, logger, signal } = parts;
  const issueToken = tokens.issueForSecret.bind(tokens);
  void startServiceAccountController({ registry, logger, signal });
  void startRootCaController({ registry, authority, logger, signal });
  void startTokenSecretController({ registry, authority, issueToken, logger, signal });
  void startAdmissionPolicyStatusController({ registry, logger, signal });
  void startClusterRoleAggregationController({ registry, logger, signal });
  void startCustomResourceDefinitionController({ registry, catalog, clock: systemClock, logger, signal });
  expireEvents(registry, logger, signal);
}

/** The other controllers of a one-node cluster, which act on what pods do. All run until the signal. */
export function startControllers(parts: ControllerParts): void {
  const { config, registry, catalog, hostIp, secretEnvironment, readUsage, pullAhead, logger, signal } = parts;
  const recorder = (component: string) => eventRecorder(registry, { component, clock: systemClock, logger });
  const common = { registry, clock: systemClock, logger, signal };
  void startScheduler({ ...common, nodeName: config.nodeName, recorder: recorder('default-scheduler') });
  void startTaintEvictionController({
    ...common,
    nodeName: config.nodeName,
    recorder: recorder('taint-eviction-controller'),
  });
  void startDeploymentController({ ...common, pullAhead, recorder: recorder('deployment-controller') });
  void startReplicaSetController({ ...common, recorder: recorder('replicaset-controller') });
  void startJobController({ ...common, recorder: recorder('job-controller') });
  void startJobTrackingController({ registry, logger, signal });
  void startTtlAfterFinishedController({ ...common });
  void startCronJobController({ ...common, recorder: recorder('cronjob-controller') });
  void startReplicationManager({ ...common, recorder: recorder('replication-controller') });
  void startStatefulSetController({ ...common, pullAhead, recorder: recorder('statefulset-controller') });
  void startDaemonSetController({
    ...common,
    pullAhead,
    nodeName: config.nodeName,
    recorder: recorder('daemonset-controller'),
  });
  const adoption = { registry, secretEnvironment, logger, signal };
  void startAdoptionController({ ...adoption, recorder: recorder('adoption-controller') });
  void startEndpointSliceController({ registry, logger, signal });
  void startEndpointSliceMirroringController({ registry, logger, signal });
  void startEndpointsController({ registry, logger, signal });
  void startApiEndpointsController({ registry, addresses: () => [hostIp()], port: config.port, logger, signal });
  void startPersistentVolumeController({ ...common });
  void startPersistentVolumeClaimController({
    ...common,
    nodeName: config.nodeName,
    freeBytes: () => freeBytes(config.dataPath),
    recorder: recorder('persistentvolume-controller'),
  });
  void startEphemeralVolumeController({ registry, logger, signal, recorder: recorder('ephemeral-volume-controller') });
  void startStorageProtectionController({ registry, logger, signal });
  void startDisruptionController({ ...common, catalog, recorder: recorder('controllermanager') });
  void startHorizontalPodAutoscalerController({
    ...common,
    catalog,
    readUsage,
    recorder: recorder('horizontal-pod-autoscaler'),
  });
  void startResourceQuotaController({ ...common, catalog });
  void startNamespaceController({ ...common, catalog });
  void startGarbageCollector({ registry, catalog, logger, signal });
}
