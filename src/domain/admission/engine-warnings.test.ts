import { expect, it } from 'vitest';
import type { KubernetesObject } from '../meta/types.ts';
import { configMaps } from '../resources/config-map.ts';
import { deployments } from '../resources/deployment.ts';
import { pods } from '../resources/pod.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import { services } from '../resources/service.ts';
import { clientRequest } from './client-request.ts';
import { engineWarnings, type EngineAbilities } from './engine-warnings.ts';
import { listerOf } from './lister-of.ts';

const spec = { containers: [{ name: 'a' }, { name: 'b', resources: { limits: { memory: '1Mi' } } }] };
const limits = (root: string) =>
  `${root}.containers[1].resources.limits: the engine may set no limits on this machine; they have no effect`;
const nodePorts =
  "spec.type: the engine runs without root, so node ports are not opened on the host; publish with a container's hostPort";

const asked: readonly [ResourceDefinition, object, string[]][] = [
  [pods, spec, [limits('spec')]],
  [deployments, { template: { spec } }, [limits('spec.template.spec')]],
  [services, { type: 'NodePort' }, [nodePorts]],
  [services, { type: 'ClusterIP' }, []],
  [configMaps, {}, []],
];

const warningsOf = async (definition: ResourceDefinition, of: object, abilities: EngineAbilities) => {
  const object = { metadata: { name: 'x', namespace: 'default' }, spec: of } as KubernetesObject;
  const warnings: string[] = [];
  const request = { ...clientRequest(definition, object), warn: (text: string) => void warnings.push(text) };
  await engineWarnings({ abilities: () => abilities }).validate?.(request, listerOf());
  return warnings;
};

it.each(asked)('warns of what has no effect: %#', async (definition, of, expected) => {
  expect(await warningsOf(definition, of, { resourceLimits: false, nodePorts: false })).toEqual(expected);
  expect(await warningsOf(definition, of, { resourceLimits: true, nodePorts: true })).toEqual([]);
});
