import { describe, expect, it } from 'vitest';
import type { KubernetesObject, WebhookRule } from '../../meta/types.ts';
import { configMaps } from '../../resources/config-map.ts';
import { deployments } from '../../resources/deployment.ts';
import { namespaces } from '../../resources/namespace.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import type { AdmissionRequest } from '../chain.ts';
import { clientRequest } from '../client-request.ts';
import { listerOf } from '../lister-of.ts';
import type { Webhook } from './configured-webhooks.ts';
import { matchRule } from './match-rule.ts';
import { matchWebhook } from './match-webhook.ts';

const everything: WebhookRule = {
  operations: ['*'],
  apiGroups: ['*'],
  apiVersions: ['*'],
  resources: ['*'],
  scope: '*',
};

describe('a rule', () => {
  const create = { operation: 'CREATE' } as const;
  const status = { operation: 'UPDATE', subresource: 'status' } as const;
  it.each<[boolean, Partial<WebhookRule>, Pick<AdmissionRequest, 'operation' | 'subresource'>, ResourceDefinition]>([
    [true, {}, create, pods as ResourceDefinition],
    [true, { operations: ['UPDATE', 'CREATE'] }, create, pods as ResourceDefinition],
    [false, { operations: ['UPDATE', 'DELETE'] }, create, pods as ResourceDefinition],
    [true, { apiGroups: [''] }, create, pods as ResourceDefinition],
    [false, { apiGroups: ['apps'] }, create, pods as ResourceDefinition],
    [true, { apiGroups: ['apps'], apiVersions: ['v1'] }, create, deployments as ResourceDefinition],
    [false, { apiVersions: ['v1beta1'] }, create, deployments as ResourceDefinition],
    [true, { resources: ['configmaps', 'pods'] }, create, pods as ResourceDefinition],
    [false, { resources: ['configmaps'] }, create, pods as ResourceDefinition],
    [false, { resources: ['*'] }, status, pods as ResourceDefinition],
    [false, { resources: ['pods'] }, status, pods as ResourceDefinition],
    [true, { resources: ['pods/status'] }, status, pods as ResourceDefinition],
    [false, { resources: ['pods/log'] }, status, pods as ResourceDefinition],
    [true, { resources: ['pods/*'] }, status, pods as ResourceDefinition],
    [true, { resources: ['pods/*'] }, create, pods as ResourceDefinition],
    [true, { resources: ['*/status'] }, status, pods as ResourceDefinition],
    [false, { resources: ['*/status'] }, create, pods as ResourceDefinition],
    [true, { resources: ['*/*'] }, status, pods as ResourceDefinition],
    [true, { resources: ['*/*'] }, create, pods as ResourceDefinition],
    [true, { scope: 'Namespaced' }, create, pods as ResourceDefinition],
    [false, { scope: 'Cluster' }, create, pods as ResourceDefinition],
    [true, { scope: 'Cluster' }, create, nodes as ResourceDefinition],
    [true, { scope: 'Cluster' }, create, namespaces as ResourceDefinition],
    [false, { scope: 'Namespaced' }, create, namespaces as ResourceDefinition],
  ])('%s: %j for %j', (expected, change, request, definition) =>
    expect(matchRule({ ...everything, ...change }, request, definition)).toBe(expected),
  );
});

const webhook: Webhook = {
  name: 'a.example.com',
  clientConfig: { url: 'https://a' },
  rules: [everything],
  matchPolicy: 'Equivalent',
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
};
const plant: KubernetesObject = { metadata: { name: 'plant', labels: { tier: 'edge' } } };
const lister = listerOf({ definition: namespaces as ResourceDefinition, objects: [plant] });
const alone = (definition: ResourceDefinition) => [definition];

describe('selectors', () => {
  const edge = { matchLabels: { tier: 'edge' } };
  const other = { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['edge'] }] };
  const inPlant = (labels?: Record<string, string>) => ({
    metadata: { name: 'x', namespace: 'plant', ...(labels ? { labels } : {}) },
  });
  const node = clientRequest(nodes, { metadata: { name: 'n' } });
  const unlabelled = clientRequest(configMaps, inPlant());
  const newNamespace = (labels: Record<string, string>) =>
    clientRequest(namespaces, { metadata: { name: 'n', labels } });

  it.each<[string, boolean, Partial<Webhook>, AdmissionRequest]>([
    ['empty ones choose all', true, { namespaceSelector: {}, objectSelector: {} }, unlabelled],
    ['by the namespace', true, { namespaceSelector: edge }, unlabelled],
    ['not by the namespace', false, { namespaceSelector: other }, unlabelled],
    ['cluster-scoped objects are in no namespace', true, { namespaceSelector: other }, node],
    ['a namespace is chosen by its own labels', true, { namespaceSelector: edge }, newNamespace({ tier: 'edge' })],
    ['a namespace is left by its own labels', false, { namespaceSelector: edge }, newNamespace({})],
    ['by the object', true, { objectSelector: edge }, clientRequest(configMaps, inPlant({ tier: 'edge' }))],
    ['not by the object', false, { objectSelector: edge }, unlabelled],
    [
      'by what the object was',
      true,
      { objectSelector: edge },
      clientRequest(configMaps, inPlant(), inPlant({ tier: 'edge' })),
    ],
  ])('%s', (_title, expected, change, request) =>
    expect(matchWebhook({ ...webhook, ...change }, request, lister, alone) !== undefined).toBe(expected),
  );

  it('need the namespace only when a rule speaks of the resource', () => {
    const gone = clientRequest(configMaps, { metadata: { name: 'x', namespace: 'gone' } });
    expect(() => matchWebhook({ ...webhook, namespaceSelector: edge }, gone, lister, alone)).toThrow(
      'namespaces "gone" not found',
    );
    const elsewhere = { ...webhook, rules: [{ ...everything, resources: ['pods'] }], namespaceSelector: edge };
    expect(matchWebhook(elsewhere, gone, lister, alone)).toBeUndefined();
  });
});

describe('another version of the resource', () => {
  const older: ResourceDefinition = { ...(deployments as ResourceDefinition), version: 'v1beta1' };
  const versionsOf = () => [deployments as ResourceDefinition, older];
  const request = clientRequest(deployments, { metadata: { name: 'x', namespace: 'plant' } });
  const forOlder = { ...webhook, rules: [{ ...everything, apiVersions: ['v1beta1'] }] };

  it('is what an equivalent webhook sees', () =>
    expect(matchWebhook(forOlder, request, lister, versionsOf)).toBe(older));

  it('is nothing to an exact one', () =>
    expect(matchWebhook({ ...forOlder, matchPolicy: 'Exact' }, request, lister, versionsOf)).toBeUndefined());

  it('is not looked for when a rule knows the version of the request', () =>
    expect(matchWebhook({ ...webhook, rules: [...forOlder.rules, everything] }, request, lister, versionsOf)).toBe(
      deployments,
    ));
});
