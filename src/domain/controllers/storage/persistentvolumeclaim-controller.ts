import type { Clock } from '../../meta/clock.ts';
import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey, type ObjectKey } from '../../meta/object-key.ts';
import { ignore, isAlreadyExists } from '../../meta/status-error.ts';
import type { PersistentVolumeClaim, StorageClass } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { persistentVolumes } from '../../resources/persistent-volume.ts';
import { claimsOfPod } from '../../resources/pod-claims.ts';
import { pods } from '../../resources/pod.ts';
import { storageClasses } from '../../resources/storage-class.ts';
import { bindClaim } from './bind-claim.ts';
import { planClaim } from './claim-plan.ts';
import { runController, source } from '../controller.ts';
import { isPodTerminal } from '../pod-lifecycle.ts';
import { provisionVolume } from './provision-volume.ts';
import { reportClaim } from './report-claim.ts';
import type { Requeue } from '../work-queue.ts';

export type PersistentVolumeClaimControllerOptions = {
  registry: Registry;
  nodeName: string;
  /** Bytes left on the disk where engine volumes lie. */
  freeBytes: () => Promise<number>;
  recorder: EventRecorder;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

/** A disk that is full may have room again, and nothing tells. */
const retryMs = 60_000;

/** Binds claims to volumes, and makes volumes of the engine for those that ask for a class of it. One at a time: no volume is promised twice. */
export function startPersistentVolumeClaimController(options: PersistentVolumeClaimControllerOptions): Promise<void> {
  const { registry, logger, signal } = options;
  const pending = (): string[] =>
    registry
      .all(persistentVolumeClaims)
      .filter(({ status }) => status?.phase !== 'Bound')
      .map((claim) => formatKey(keyOf(claim)));
  return runController({
    name: 'persistentvolumeclaim-controller',
    registry,
    logger,
    sources: [
      source(persistentVolumeClaims, ({ object }) => [formatKey(keyOf(object))]),
      source(persistentVolumes, ({ object: { spec } }) => [
        ...(spec?.claimRef
          ? [formatKey({ namespace: spec.claimRef.namespace ?? '', name: spec.claimRef.name ?? '' })]
          : []),
        ...pending(),
      ]),
      source(storageClasses, pending),
      source(pods, ({ type, object }) => (type === 'ADDED' ? claimsOfPod(object).map(formatKey) : [])),
    ],
    reconcile: (key) => reconcile(options, parseKey(key)),
    signal,
    concurrency: 1,
  });
}

async function reconcile(options: PersistentVolumeClaimControllerOptions, key: ObjectKey): Promise<Requeue | void> {
  const { registry, recorder } = options;
  const claim = registry.find(persistentVolumeClaims, key);
  if (!claim) return undefined;
  const storageClass = classOf(registry, claim);
  const hasConsumer = registry
    .all(pods, key.namespace)
    .some((pod) => !isPodTerminal(pod) && claimsOfPod(pod).some(({ name }) => name === key.name));
  const plan = planClaim(claim, { volumes: registry.all(persistentVolumes), storageClass, hasConsumer });
  switch (plan.do) {
    case 'bind':
      return bindClaim(registry, claim, plan.volume, storageClass);
    case 'provision':
      return provision(options, claim, plan.storageClass);
    case 'wait':
      recorder.event(claim, plan.type, plan.reason, plan.message);
      return reportClaim(registry, claim, { phase: 'Pending' });
    case 'lose':
      recorder.event(claim, 'Warning', plan.reason, plan.message);
      return reportClaim(registry, claim, { phase: 'Lost' });
  }
}

const classOf = (registry: Registry, { spec }: PersistentVolumeClaim): StorageClass | undefined =>
  spec?.storageClassName ? registry.find(storageClasses, { namespace: '', name: spec.storageClassName }) : undefined;

async function provision(
  { registry, recorder, nodeName, freeBytes }: PersistentVolumeClaimControllerOptions,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
): Promise<Requeue | void> {
  const outcome = provisionVolume(claim, storageClass, nodeName, await freeBytes());
  if (outcome.kind === 'volume') {
    const name = metaOf(outcome.volume).name ?? '';
    await registry.create(persistentVolumes, outcome.volume).catch(ignore(isAlreadyExists));
    recorder.event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name}`);
    // The new volume names the claim, which brings it here again.
    return undefined;
  }
  const [type, reason] =
    outcome.kind === 'external'
      ? (['Normal', 'ExternalProvisioning'] as const)
      : (['Warning', 'ProvisioningFailed'] as const);
  recorder.event(claim, type, reason, outcome.message);
  await reportClaim(registry, claim, { phase: 'Pending' });
  return outcome.kind === 'refused' ? { afterMs: retryMs } : undefined;
}
