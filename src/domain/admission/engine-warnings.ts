import type { NodeCapabilities } from '../container-runtime/node-capabilities.ts';
import type { PodSpec, Service } from '../meta/types.ts';
import { containersOf } from '../resources/containers-of.ts';
import { isForeign } from '../resources/foreign-pod.ts';
import { podTemplateOf, workloads } from '../resources/pod-template-of.ts';
import { pods } from '../resources/pod.ts';
import { resourceName } from '../resources/resource-definition.ts';
import { services } from '../resources/service.ts';
import { unmetByContainer, unmetByPod } from '../resources/unmet-fields.ts';
import { mostWarnings } from '../resources/unsupported-fields.ts';
import type { AdmissionPlugin, AdmissionRequest } from './chain.ts';

/** Tells the client at once of what is stored and will not be had on this node. */
export const engineWarnings = (node: NodeCapabilities): AdmissionPlugin => ({
  name: 'EngineWarnings',
  validate(request) {
    const { operation, subresource, object, warn } = request;
    if (operation === 'DELETE' || subresource !== undefined || !object || isForeign(object)) return;
    const asked = podOf(request);
    if (asked) unmetOf(asked, node).slice(0, mostWarnings).forEach(warn);
    else if (!node.nodePorts) warnOfNodePorts(request);
  },
});

type Asked = { spec: PodSpec; at: string };

/** The pod, or what pods are made of. */
function podOf({ definition, object }: AdmissionRequest): Asked | undefined {
  const resource = resourceName(definition);
  if (resource === resourceName(pods)) return { spec: (object as { spec: PodSpec }).spec, at: '' };
  const found = workloads.has(resource) ? podTemplateOf(object!) : undefined;
  return found?.template.spec && { spec: found.template.spec, at: found.at };
}

const unmetOf = ({ spec, at }: Asked, node: NodeCapabilities): string[] => [
  ...unmetByPod(spec, node).map(({ path, text }) => `${at}spec.${path}: ${text}`),
  ...containersOf(spec, at).flatMap(({ container, place }) =>
    unmetByContainer(spec, container, node).map(({ path, text }) => `${place}.${path}: ${text}`),
  ),
];

function warnOfNodePorts({ definition, object, warn }: AdmissionRequest): void {
  if (resourceName(definition) !== resourceName(services)) return;
  const { type } = (object as Service).spec ?? {};
  if (type !== 'NodePort' && type !== 'LoadBalancer') return;
  warn(
    "spec.type: the engine runs without root, so node ports are not opened on the host; publish with a container's hostPort",
  );
}
