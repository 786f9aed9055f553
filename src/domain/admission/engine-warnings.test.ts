import { expect, it } from 'vitest';
import type { NodeCapabilities } from '../container-runtime/node-capabilities.ts';
import type { KubernetesObject } from '../meta/types.ts';
import { configMaps } from '../resources/config-map.ts';
import { deployments } from '../resources/deployment.ts';
import { ableNode } from '../resources/able-node-fixture.ts';
import { podTemplates } from '../resources/pod-template.ts';
import { pods } from '../resources/pod.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import { services } from '../resources/service.ts';
import { clientRequest } from './client-request.ts';
import { engineWarnings } from './engine-warnings.ts';
import { listerOf } from './lister-of.ts';

/** A node that can do nothing of what is asked for. */
const plainNode: NodeCapabilities = {
  ...ableNode,
  resourceLimits: false,
  imageVolumes: false,
  recursiveReadOnlyMounts: false,
  ambientCapabilities: true,
  appArmor: false,
  nodePorts: false,
  mountPropagation: 'None',
};

const spec = {
  securityContext: { appArmorProfile: { type: 'RuntimeDefault' } },
  volumes: [{ name: 'v', image: { reference: 'i' } }],
  initContainers: [{ name: 'i' }],
  containers: [
    { name: 'a' },
    {
      name: 'b',
      resources: { limits: { memory: '1Mi' } },
      securityContext: { runAsUser: 1000, capabilities: { add: ['NET_ADMIN'] } },
      volumeMounts: [
        { name: 'v', mountPath: '/v', readOnly: true, recursiveReadOnly: 'Enabled' },
        { name: 'v', mountPath: '/w', mountPropagation: 'Bidirectional' },
      ],
    },
  ],
};

const unmet = (at: string) => [
  `${at}spec.volumes[0].image: the engine cannot mount images; a pod that mounts it does not start`,
  `${at}spec.securityContext.appArmorProfile: AppArmor is not enabled on this machine; the pod is refused`,
  `${at}spec.containers[1].resources.limits: the engine may set no limits on this machine; they have no effect`,
  `${at}spec.containers[1].securityContext.capabilities.add: the engine makes added capabilities effective at once for users other than root; in Kubernetes only programs with file capabilities get them`,
  `${at}spec.containers[1].volumeMounts[0].recursiveReadOnly: the engine cannot make mounts below a mount read-only; the container does not start`,
  `${at}spec.containers[1].volumeMounts[1].mountPropagation: the host's root is no shared mount; mounts propagate only in folders that are shared mounts of their own`,
];

const nodePorts =
  "spec.type: the engine runs without root, so node ports are not opened on the host; publish with a container's hostPort";

const asked: readonly [ResourceDefinition, object, string[]][] = [
  [pods, { spec }, unmet('')],
  [deployments, { spec: { template: { spec } } }, unmet('spec.template.')],
  [podTemplates, { template: { spec } }, unmet('template.')],
  [services, { spec: { type: 'NodePort' } }, [nodePorts]],
  [services, { spec: { type: 'ClusterIP' } }, []],
  [configMaps, {}, []],
];

const warningsOf = async (definition: ResourceDefinition, of: object, node: NodeCapabilities) => {
  const object = { metadata: { name: 'x', namespace: 'default' }, ...of } as KubernetesObject;
  const warnings: string[] = [];
  const request = { ...clientRequest(definition, object), warn: (text: string) => void warnings.push(text) };
  await engineWarnings(node).validate?.(request, listerOf());
  return warnings;
};

it.each(asked)('warns of what the node cannot give: %#', async (definition, of, expected) => {
  expect(await warningsOf(definition, of, plainNode)).toEqual(expected);
  expect(await warningsOf(definition, of, ableNode)).toEqual([]);
});

it.each([
  ['None', 'HostToContainer', /the host's root is no shared mount/],
  ['HostToContainer', 'HostToContainer', undefined],
  ['HostToContainer', 'Bidirectional', /mounts of containers do not reach the host/],
  ['Bidirectional', 'Bidirectional', undefined],
] as const)('where %s works, %s is told: %s', async (works, mountPropagation, told) => {
  const volumeMounts = [{ name: 'v', mountPath: '/v', mountPropagation }];
  const node = { ...ableNode, mountPropagation: works };
  const warnings = await warningsOf(pods, { spec: { containers: [{ name: 'c', volumeMounts }] } }, node);
  expect(warnings).toEqual(told ? [expect.stringMatching(told)] : []);
});

it('spares root, whose capabilities are in force everywhere', async () => {
  const container = { name: 'c', securityContext: { runAsUser: 0, capabilities: { add: ['NET_ADMIN'] } } };
  expect(await warningsOf(pods, { spec: { containers: [container] } }, plainNode)).toEqual([]);
});

it('ends somewhere', async () => {
  const containers = Array.from({ length: 100 }, () => ({ name: 'c', resources: { limits: { cpu: '1' } } }));
  expect(await warningsOf(pods, { spec: { containers } }, plainNode)).toHaveLength(50);
});
