import type { Clock } from '../../meta/clock.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey, type ObjectKey } from '../../meta/object-key.ts';
import { quantityValue } from '../../meta/quantity.ts';
import { isAlreadyExists, isNotFound } from '../../meta/status-error.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { engineVolumeDriver, persistentVolumes } from '../../resources/persistent-volume.ts';
import { claimsOfPod } from '../../resources/pod-claims.ts';
import { pods } from '../../resources/pod.ts';
import { storageClasses } from '../../resources/storage-class.ts';
import { bindCompleted, planClaim } from './claim-plan.ts';
import { runController, source } from '../controller.ts';
import { isPodTerminal } from '../pod-lifecycle.ts';
import { provisionVolume } from './provision-volume.ts';
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

const boundByController = 'pv.kubernetes.io/bound-by-controller';
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
      return bind(options, claim, plan.volume, storageClass);
    case 'provision':
      return provision(options, claim, plan.storageClass);
    case 'wait':
      recorder.event(claim, plan.type, plan.reason, plan.message);
      return report(registry, key, { phase: 'Pending' });
    case 'lose':
      recorder.event(claim, 'Warning', plan.reason, plan.message);
      return report(registry, key, { phase: 'Lost' });
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
  const key = keyOf(claim);
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
  await report(registry, key, { phase: 'Pending' });
  return outcome.kind === 'refused' ? { afterMs: retryMs } : undefined;
}

/** The volume first: were it the claim, a crash between the two would leave a claim that looks bound to a volume that anybody may take. */
async function bind(
  { registry }: PersistentVolumeClaimControllerOptions,
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  storageClass: StorageClass | undefined,
): Promise<void> {
  const name = metaOf(volume).name ?? '';
  const size = sizeAfter(claim, volume, storageClass);
  const bound = await registry
    .update(persistentVolumes, { namespace: '', name }, (current) => promised(current, claim, size))
    .catch(ignore(isNotFound));
  if (!bound) return;
  await registry
    .update(persistentVolumeClaims, keyOf(claim), (current) => completed(current, name))
    .catch(ignore(isNotFound));
  await report(registry, keyOf(claim), {
    phase: 'Bound',
    accessModes: bound.spec?.accessModes ?? [],
    capacity: { ...bound.spec?.capacity },
  });
}

/** Volumes of the engine have no bound of their own, so they grow by saying so. */
function sizeAfter(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  storageClass: StorageClass | undefined,
): string {
  const current = volume.spec?.capacity?.['storage'] ?? '0';
  const wanted = claim.spec?.resources?.requests?.['storage'] ?? current;
  const grows = storageClass?.allowVolumeExpansion === true && volume.spec?.csi?.driver === engineVolumeDriver;
  return grows && quantityValue(wanted) > quantityValue(current) ? wanted : current;
}

function promised(volume: PersistentVolume, claim: PersistentVolumeClaim, storage: string): PersistentVolume {
  const { name, namespace, uid } = metaOf(claim);
  const { annotations } = metaOf(volume);
  const wasOpen = volume.spec?.claimRef === undefined;
  return {
    ...volume,
    metadata: {
      ...metaOf(volume),
      ...(wasOpen ? { annotations: { ...annotations, [boundByController]: 'yes' } } : {}),
    },
    spec: {
      ...volume.spec,
      capacity: { ...volume.spec?.capacity, storage },
      claimRef: {
        ...volume.spec?.claimRef,
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: namespace!,
        name: name!,
        uid: uid!,
      },
    },
  };
}

function completed(claim: PersistentVolumeClaim, volumeName: string): PersistentVolumeClaim {
  const { annotations } = metaOf(claim);
  const byController = claim.spec?.volumeName === volumeName ? {} : { [boundByController]: 'yes' };
  return {
    ...claim,
    metadata: { ...metaOf(claim), annotations: { ...annotations, [bindCompleted]: 'yes', ...byController } },
    spec: { ...claim.spec, volumeName },
  };
}

async function report(
  registry: Registry,
  key: ObjectKey,
  status: NonNullable<PersistentVolumeClaim['status']>,
): Promise<void> {
  const withStatus = (claim: PersistentVolumeClaim): PersistentVolumeClaim => {
    const next = { ...claim.status, ...status };
    return sameJson(next, claim.status) ? claim : { ...claim, status: next };
  };
  await registry.update(persistentVolumeClaims, key, withStatus, { subresource: 'status' }).catch(ignore(isNotFound));
}

const ignore =
  (isExpected: (error: unknown) => boolean) =>
  (error: unknown): undefined => {
    if (!isExpected(error)) throw error;
    return undefined;
  };
