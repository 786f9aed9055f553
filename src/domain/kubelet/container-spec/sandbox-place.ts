import type { ContainerSpec } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';
import type { ContainerKind } from '../pod/container-kinds.ts';
import { latest, type ObservedPod } from '../pod/observed-pod.ts';
import { needsSandbox } from '../pod/pod-identity.ts';
import { sandboxSpec, type PodContext } from './sandbox-spec.ts';

/**
 * Whose namespaces a container lives in. One that looks into a pod of a single container joins that container; with a target it sees
 * the target's processes (kubernetes pkg/kubelet/kuberuntime/util/util.go NamespacesForPod).
 */
export function sandboxPlace(
  context: PodContext,
  observed: ObservedPod,
  container: Container,
  kind: ContainerKind,
): ContainerSpec['sandbox'] {
  const { pod } = context;
  const target = targetOf(pod, container, kind);
  if (needsSandbox(pod) && observed.sandbox) {
    const processesOf = target === undefined ? undefined : runningId(observed, target);
    return { kind: 'member', id: observed.sandbox.id, ...(processesOf === undefined ? {} : { processesOf }) };
  }
  const host = kind === 'ephemeral' ? hostOf(pod, observed) : undefined;
  if (host === undefined) return { kind: 'own', spec: sandboxSpec(context) };
  const sharesProcesses = pod.spec?.shareProcessNamespace === true || target !== undefined;
  return { kind: 'guest', of: host, sharesProcesses };
}

const targetOf = (pod: Pod, { name }: Container, kind: ContainerKind): string | undefined =>
  kind === 'ephemeral'
    ? pod.spec?.ephemeralContainers?.find((c) => c.name === name)?.targetContainerName || undefined
    : undefined;

/** The one container of the pod that is its sandbox now. */
const hostOf = (pod: Pod, observed: ObservedPod): string | undefined =>
  [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])]
    .map(({ name }) => runningId(observed, name))
    .find((id) => id !== undefined);

function runningId(observed: ObservedPod, name: string): string | undefined {
  const found = latest(observed, name);
  return found?.state.kind === 'running' ? found.id : undefined;
}
