import { addressAt, indexOf, ipv4Range } from '../../domain/meta/ipv4-range.ts';
import type {
  KubernetesObject,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Service,
} from '../../domain/meta/types.ts';

/** What objects say of the device that they are on. */
export type Place = { nodeName: string; serviceCidr: string };

const HOSTNAME = 'kubernetes.io/hostname';
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

/** The object as it would be had it been made on the other device. `resource` is the folder it is stored in. Pure. */
export function relocate(resource: string, object: KubernetesObject, from: Place, to: Place): KubernetesObject {
  const node = (name: string) => (name === from.nodeName ? to.nodeName : name);
  switch (resource) {
    case 'nodes':
      return relocateNode(object as Node, node);
    case 'pods':
      return relocatePod(object as Pod, node);
    case 'persistentvolumes':
      return relocateVolume(object as PersistentVolume, node);
    case 'persistentvolumeclaims':
      return relocateClaim(object as PersistentVolumeClaim, node);
    case 'services':
      return relocateService(object as Service, from.serviceCidr, to.serviceCidr);
    default:
      return object;
  }
}

type Rename = (node: string) => string;

function relocateNode({ metadata, ...rest }: Node, node: Rename): Node {
  const { name = '', labels = {} } = metadata ?? {};
  const hostname = labels[HOSTNAME];
  return {
    ...rest,
    metadata: {
      ...metadata,
      name: node(name),
      labels: { ...labels, ...(hostname === undefined ? {} : { [HOSTNAME]: node(hostname) }) },
    },
  };
}

function relocatePod({ spec, ...rest }: Pod, node: Rename): Pod {
  if (!spec) return rest;
  const placed = spec.nodeName === undefined ? spec : { ...spec, nodeName: node(spec.nodeName) };
  const nodeAffinity = placed.affinity?.nodeAffinity;
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!required) return { ...rest, spec: placed };
  const requiredDuringSchedulingIgnoredDuringExecution = renamedTerms(required, node);
  const affinity = {
    ...placed.affinity,
    nodeAffinity: { ...nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution },
  };
  return { ...rest, spec: { ...placed, affinity } };
}

type Terms = NonNullable<NonNullable<NonNullable<PersistentVolume['spec']>['nodeAffinity']>['required']>;

/** Of a pod of a DaemonSet and of a volume of the engine, which name their node. */
function renamedTerms({ nodeSelectorTerms }: Terms, node: Rename): Terms {
  const renamed = (expressions: Terms['nodeSelectorTerms'][number]['matchFields'], key: string) =>
    expressions?.map((one) => (one.key === key && one.values ? { ...one, values: one.values.map(node) } : one));
  return {
    nodeSelectorTerms: nodeSelectorTerms.map(({ matchFields, matchExpressions }) => ({
      ...(matchFields ? { matchFields: renamed(matchFields, 'metadata.name')! } : {}),
      ...(matchExpressions ? { matchExpressions: renamed(matchExpressions, HOSTNAME)! } : {}),
    })),
  };
}

function relocateVolume({ spec, ...rest }: PersistentVolume, node: Rename): PersistentVolume {
  const required = spec?.nodeAffinity?.required;
  if (!spec || !required) return spec ? { ...rest, spec } : rest;
  return { ...rest, spec: { ...spec, nodeAffinity: { required: renamedTerms(required, node) } } };
}

function relocateClaim({ metadata, ...rest }: PersistentVolumeClaim, node: Rename): PersistentVolumeClaim {
  const selected = metadata?.annotations?.[SELECTED_NODE];
  if (selected === undefined) return { ...rest, ...(metadata ? { metadata } : {}) };
  return {
    ...rest,
    metadata: { ...metadata, annotations: { ...metadata?.annotations, [SELECTED_NODE]: node(selected) } },
  };
}

/** An address keeps its number in the range, so that no two Services get the same one. */
function relocateService({ spec, ...rest }: Service, from: string, to: string): Service {
  if (!spec || from === to) return spec ? { ...rest, spec } : rest;
  const moved = (address: string): string => {
    const index = indexOf(ipv4Range(from), address);
    return index === undefined || indexOf(ipv4Range(to), address) !== undefined
      ? address
      : addressAt(ipv4Range(to), index);
  };
  const { clusterIP, clusterIPs } = spec;
  return {
    ...rest,
    spec: {
      ...spec,
      ...(clusterIP === undefined ? {} : { clusterIP: moved(clusterIP) }),
      ...(clusterIPs === undefined ? {} : { clusterIPs: clusterIPs.map(moved) }),
    },
  };
}
