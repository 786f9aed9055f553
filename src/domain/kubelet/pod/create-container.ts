import type { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { unmetByContainer } from '../../resources/unmet-fields.ts';
import { containerSpec } from '../container-spec/container-spec.ts';
import { sandboxPlace } from '../container-spec/sandbox-place.ts';
import type { PodContext } from '../container-spec/sandbox-spec.ts';
import { givenMounts } from '../volumes/given-mounts.ts';
import { mountResolvConf } from '../volumes/resolv-conf.ts';
import type { PodAction } from './compute-pod-actions.ts';
import { fieldPathOf } from './container-kinds.ts';
import { gatherInputs, type ContainerInputs } from './container-inputs.ts';
import type { ObservedPod } from './observed-pod.ts';
import type { PodFiles } from './pod-files.ts';
import { engineName, label } from './pod-identity.ts';
import type { PodSandbox } from './pod-sandbox.ts';
import { holdBack, refusedByEngine, type PodScope, type Step } from './pod-scope.ts';
import { replaceContainer } from './replace-container.ts';
import { startContainer } from './start-container.ts';

type Creation = PodAction & { do: 'createContainer' };

/** Makes a container of everything that it needs, and starts it. */
export async function createContainer(
  scope: PodScope,
  { sandbox, files }: { sandbox: PodSandbox; files: PodFiles },
  pod: Pod,
  observed: ObservedPod,
  action: Creation,
): Promise<Step> {
  const { container } = action;
  const context = await sandbox.context(pod);
  if (typeof context === 'string') return sandbox.fail(pod, context);
  const inputs = await gatherInputs(scope, files, pod, action);
  if (inputs === 'waiting') return 'waiting';
  if (action.replaces !== undefined) await replaceContainer(scope, pod, container, action.replaces);
  try {
    const id = await make(scope, context, observed, action, inputs);
    tellCreated(scope, pod, container);
    return await startContainer(scope, pod, container, id);
  } catch (error) {
    const refusal = refusedByEngine(error);
    if (await freeName(scope, refusal, context, container)) {
      scope.wake.now();
      return 'waiting';
    }
    return holdBack(scope, pod, container, 'CreateContainerError', refusal.message);
  }
}

/** Answers the engine's id. */
async function make(
  { uid, folder, kubelet, lastWords }: PodScope,
  context: PodContext,
  observed: ObservedPod,
  { container, kind, attempt }: Creation,
  inputs: ContainerInputs,
): Promise<string> {
  const { runtime, index, hostsFiles } = kubelet;
  const hosts = await hostsFiles.mount(context.pod, context.ip);
  const resolv = await mountResolvConf(context.pod, folder);
  const words = await lastWords.mount(container);
  const mounts = givenMounts([...hosts, ...resolv, ...words], inputs.mounts);
  const sandbox = sandboxPlace(context, observed, container, kind);
  const spec = containerSpec({ ...context, ...inputs, container, kind, attempt, mounts, sandbox });
  const id = await runtime.containers.create({ ...spec, image: inputs.image });
  index.addContainer(uid, id);
  return id;
}

/** Also of what the container will not have on this node. */
function tellCreated({ kubelet: { recorder, capabilities } }: PodScope, pod: Pod, container: Container): void {
  const place = fieldPathOf(pod, container.name);
  recorder.event(pod, 'Normal', 'Created', `Created container: ${container.name}`, place);
  for (const { text, event } of unmetByContainer(pod.spec!, container, capabilities))
    if (event) recorder.event(pod, 'Warning', event, `Container ${container.name}: ${text}`, place);
}

/**
 * A container of this instance that no pod owns any more may stand in the way; anybody else's stays. Answers whether the
 * name is free now, or turned out to be the pod's own.
 */
async function freeName(
  { uid, kubelet }: PodScope,
  refusal: RuntimeError,
  { pod }: PodContext,
  container: Container,
): Promise<boolean> {
  if (refusal.code !== 'AlreadyExists') return false;
  const { runtime, index, instance, isAlive } = kubelet;
  const other = await runtime.containers.status(engineName(pod, container.name));
  if (other?.labels[label.instance] !== instance) return false;
  const owner = other.labels[label.podUid] ?? '';
  if (owner === uid) index.addContainer(uid, other.id);
  else if (isAlive(owner)) return false;
  else await runtime.containers.remove(other.id);
  return true;
}
