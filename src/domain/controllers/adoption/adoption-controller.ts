import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey, type ObjectKey } from '../../meta/object-key.ts';
import { ignore, isAlreadyExists, isNotFound, StatusError } from '../../meta/status-error.ts';
import type { Deployment, Pod, ReplicaSet } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { adoptedBy, adoptingAnnotation, wantsAdoption } from '../../resources/adopted-pod.ts';
import { deployments } from '../../resources/deployment.ts';
import { foreignAnnotation, isForeign } from '../../resources/foreign-pod.ts';
import { pods } from '../../resources/pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { secrets } from '../../resources/secret.ts';
import { adoptedDeployment, adoptedPod, undescribed } from './adopted-deployment.ts';
import { runController, source } from '../controller.ts';
import { newReplicaSet } from '../deployment/new-replica-set.ts';
import { controllerReference } from '../owner-references.ts';

export type AdoptionControllerOptions = {
  registry: Registry;
  /** What the pod's environment hides, by its key in a Secret. */
  secretEnvironment: (pod: Pod) => Promise<Record<string, string>>;
  /** component `adoption-controller`. */
  recorder: EventRecorder;
  logger: Logger;
  signal: AbortSignal;
};

/**
 * Makes a Deployment, a ReplicaSet and a Pod of foreign containers that somebody wants k2d to manage, and touches no container. The
 * Deployment comes first and says what is being done: so it is finished after a crash at any moment.
 */
export function startAdoptionController(options: AdoptionControllerOptions): Promise<void> {
  const { registry, logger, signal } = options;
  return runController({
    name: 'adoption-controller',
    registry,
    logger,
    sources: [
      source(pods, ({ object }) => (isForeign(object) ? [formatKey(keyOf(object))] : [])),
      source(deployments, ({ object }) => (adopts(object) ? [formatKey(keyOf(object))] : [])),
    ],
    reconcile: (key) => reconcile(options, parseKey(key)),
    signal,
    concurrency: 1,
  });
}

const adopts = (deployment: Deployment): string | undefined => metaOf(deployment).annotations?.[adoptingAnnotation];

const groupOf = (pod: Pod): string | undefined => metaOf(pod).annotations?.[foreignAnnotation];

async function reconcile(options: AdoptionControllerOptions, key: ObjectKey): Promise<void> {
  const { registry } = options;
  const found = registry.find(pods, key);
  const foreign = found && isForeign(found) && metaOf(found).deletionTimestamp === undefined ? found : undefined;
  const deployment = registry.find(deployments, key);
  const begun = deployment && adopts(deployment) !== undefined ? deployment : undefined;
  const isMeant = foreign && begun && groupOf(foreign) === adopts(begun) && isKnown(foreign);
  if (begun) return finish(options, begun, isMeant ? foreign : undefined);
  if (foreign && wantsAdoption(foreign)) await begin(options, foreign);
}

/** The pod is there a moment before its status, which says which containers it stands for. */
const isKnown = ({ spec, status }: Pod): boolean =>
  (spec?.containers ?? []).every(({ name }) =>
    status?.containerStatuses?.some((s) => s.name === name && s.containerID !== undefined),
  );

/** What the API refuses is told to whoever asked; asked again, it is tried again. */
async function begin(options: AdoptionControllerOptions, foreign: Pod): Promise<void> {
  const { registry, recorder } = options;
  try {
    await registry.create(deployments, adoptedDeployment(foreign));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    recorder.event(foreign, 'Warning', 'FailedAdoption', `Cannot make a Deployment of it: ${error.message}`);
  }
}

async function finish(
  options: AdoptionControllerOptions,
  deployment: Deployment,
  foreign: Pod | undefined,
): Promise<void> {
  const { registry, recorder } = options;
  const group = adopts(deployment);
  const standing = registry.all(pods, metaOf(deployment).namespace).find((pod) => adoptedBy(pod)?.network === group);
  // After a restart the engine has yet to be looked at.
  if (!standing && !foreign) return;
  const set = newReplicaSet(deployment, { newSet: undefined, oldSets: [] }, 1);
  if (!standing && foreign) {
    await makeSecret(options, deployment, foreign);
    await registry.create(pods, adoptedPod(set, foreign)).catch((error: unknown) => {
      if (error instanceof StatusError) recorder.event(deployment, 'Warning', 'FailedAdoption', error.message);
      throw error;
    });
  }
  await makeSet(registry, set);
  if (foreign) await registry.delete(pods, keyOf(foreign), { gracePeriodSeconds: 0 }).catch(ignore(isNotFound));
  const done = await registry.update(deployments, keyOf(deployment), unpaused);
  recorder.event(done, 'Normal', 'Adopted', 'Took over containers that run, without restarting them');
  for (const text of foreign ? undescribed(foreign) : []) recorder.event(done, 'Warning', 'PartlyAdopted', text);
}

async function makeSet(registry: Registry, set: ReplicaSet): Promise<void> {
  await registry.create(replicaSets, set).catch(ignore(isAlreadyExists));
}

/** It goes with the Deployment. */
async function makeSecret(
  { registry, secretEnvironment }: AdoptionControllerOptions,
  deployment: Deployment,
  foreign: Pod,
): Promise<void> {
  const name = foreign.spec?.containers
    .flatMap(({ env = [] }) => env.map((variable) => variable.valueFrom?.secretKeyRef?.name))
    .find((secret) => secret !== undefined);
  if (name === undefined) return;
  const values = Object.entries(await secretEnvironment(foreign));
  const data = Object.fromEntries(values.map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
  const owner = { ...controllerReference(deployments, deployment), controller: false, blockOwnerDeletion: false };
  const metadata = { name, namespace: metaOf(deployment).namespace!, ownerReferences: [owner] };
  await registry.create(secrets, { metadata, type: 'Opaque', data }).catch(ignore(isAlreadyExists));
}

function unpaused(deployment: Deployment): Deployment {
  const { [adoptingAnnotation]: _done, ...annotations } = metaOf(deployment).annotations ?? {};
  const { paused: _paused, ...spec } = deployment.spec!;
  return { ...deployment, metadata: { ...metaOf(deployment), annotations }, spec };
}
