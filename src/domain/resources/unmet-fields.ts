import type { NodeCapabilities } from '../container-runtime/node-capabilities.ts';
import type { Container, PodSpec } from '../meta/types.ts';
import { addsForUser } from './ambient-capabilities.ts';

/** What a pod asks for that this node cannot give. */
export type UnmetField = {
  /** Below the pod's spec, or below the container. */
  path: string;
  /** What comes of it. */
  text: string;
  /** Reason of the event at a pod that runs all the same; one that does not run says why by itself. */
  event?: string;
};

const noImages = 'the engine cannot mount images; a pod that mounts it does not start';
const noAppArmor = 'AppArmor is not enabled on this machine; the pod is refused';

export const unmetByPod = (spec: PodSpec, node: NodeCapabilities): UnmetField[] => [
  ...(spec.volumes ?? []).flatMap(({ image }, index) =>
    image && !node.imageVolumes ? [{ path: `volumes[${index}].image`, text: noImages }] : [],
  ),
  ...appArmorOf(spec, node),
];

export const unmetByContainer = (spec: PodSpec, container: Container, node: NodeCapabilities): UnmetField[] => [
  ...(container.resources?.limits && !node.resourceLimits ? [noLimits] : []),
  ...(node.ambientCapabilities && addsForUser(spec, container) ? [ambient] : []),
  ...appArmorOf(container, node),
  ...(container.volumeMounts ?? []).flatMap(({ recursiveReadOnly, mountPropagation = 'None' }, index) => {
    const path = `volumeMounts[${index}]`;
    return [
      ...(recursiveReadOnly === 'Enabled' && !node.recursiveReadOnlyMounts ? [notRecursive(path)] : []),
      ...propagationOf(mountPropagation, path, node),
    ];
  }),
];

/** Of a pod or of a container. */
const appArmorOf = ({ securityContext }: Pick<PodSpec | Container, 'securityContext'>, node: NodeCapabilities) => {
  const { type = 'Unconfined' } = securityContext?.appArmorProfile ?? {};
  return type === 'Unconfined' || node.appArmor ? [] : [{ path: 'securityContext.appArmorProfile', text: noAppArmor }];
};

const noLimits: UnmetField = {
  path: 'resources.limits',
  text: 'the engine may set no limits on this machine; they have no effect',
  event: 'LimitsIgnored',
};

const ambient: UnmetField = {
  path: 'securityContext.capabilities.add',
  text: 'the engine makes added capabilities effective at once for users other than root; in Kubernetes only programs with file capabilities get them',
  event: 'AmbientCapabilities',
};

const notRecursive = (mount: string): UnmetField => ({
  path: `${mount}.recursiveReadOnly`,
  text: 'the engine cannot make mounts below a mount read-only; the container does not start',
});

function propagationOf(wanted: string, mount: string, { mountPropagation: works }: NodeCapabilities): UnmetField[] {
  if (wanted === 'None' || wanted === works || works === 'Bidirectional') return [];
  const text =
    works === 'None'
      ? "the host's root is no shared mount; mounts propagate only in folders that are shared mounts of their own"
      : 'the engine runs without root; mounts of containers do not reach the host';
  return [{ path: `${mount}.mountPropagation`, text, event: 'MountsNotPropagated' }];
}
