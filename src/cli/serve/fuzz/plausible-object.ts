import type { KubernetesObject } from '../../../domain/meta/types.ts';
import { arbitraryValue, keys } from './arbitrary-value.ts';
import type { Random } from '../../../domain/meta/seeded-random.ts';

/** Where a kind is, and how one of its objects begins, with spoiled places. */
export type PlausibleKind = {
  collection: string;
  /** Of its one object. */
  name: string;
  subresources: readonly string[];
  object: (random: Random, spoil: Spoil) => Record<string, unknown>;
};

/** Sometimes another value. */
export type Spoil = (value: unknown) => unknown;

/** One that stays, and one that changes and goes. */
const gadgets = 'gadgets.fuzz.example.com';
const others = 'others.fuzz.example.com';

const podSpec = (random: Random, spoil: Spoil) => ({
  containers: [
    {
      name: spoil('c'),
      image: spoil('busybox:1'),
      ports: spoil([{ containerPort: 80 }]),
      env: spoil([{ name: 'A', value: 'b' }]),
      ...extra(random),
    },
  ],
  ...extra(random),
});

/** Now and then a member that does not belong there. */
function extra(random: Random): Record<string, unknown> {
  return random.maybe(0.2) ? { [random.pick(keys)]: arbitraryValue(random, 3) } : {};
}

const template = (random: Random, spoil: Spoil) => ({
  metadata: { labels: spoil({ app: 'web' }) },
  spec: podSpec(random, spoil),
});

const schema = (random: Random, spoil: Spoil) => ({
  type: 'object',
  properties: {
    spec: {
      type: spoil('object'),
      required: spoil(['size']),
      properties: {
        size: { type: 'integer', minimum: spoil(0), maximum: spoil(10) },
        text: { type: 'string', pattern: spoil('^(a|b)*$'), default: spoil('a'), enum: spoil(['a', 'b', 'ab']) },
        list: {
          type: 'array',
          'x-kubernetes-list-type': spoil('map'),
          'x-kubernetes-list-map-keys': spoil(['name']),
          items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        },
        either: { 'x-kubernetes-int-or-string': spoil(true) },
        any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': spoil(true) },
        values: { type: 'object', additionalProperties: spoil({ type: 'string', nullable: true }) },
        ...extra(random),
      },
      ...extra(random),
    },
    status: { type: 'object', properties: { replicas: { type: 'integer' } } },
  },
});

export const definition = (random: Random, spoil: Spoil, name = gadgets) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name },
  spec: {
    group: spoil('fuzz.example.com'),
    scope: spoil('Namespaced'),
    names: spoil({
      plural: name.split('.')[0],
      singular: name.split('s.')[0],
      kind: name === gadgets ? 'Gadget' : 'Other',
    }),
    versions: [
      {
        name: 'v1',
        served: spoil(true),
        storage: spoil(true),
        schema: { openAPIV3Schema: schema(random, spoil) },
        subresources: spoil({
          status: {},
          scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.replicas' },
        }),
        additionalPrinterColumns: spoil([{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }]),
        selectableFields: spoil([{ jsonPath: '.spec.text' }]),
      },
    ],
    ...extra(random),
  },
});

const webhook = (random: Random, spoil: Spoil) => ({
  name: spoil('a.example.com'),
  clientConfig: spoil({ url: 'https://127.0.0.1:1/x' }),
  rules: spoil([{ apiGroups: ['none'], apiVersions: ['*'], operations: ['CREATE'], resources: ['nothing'] }]),
  sideEffects: spoil('None'),
  admissionReviewVersions: spoil(['v1']),
  timeoutSeconds: spoil(1),
  ...extra(random),
});

const namespaced = '/namespaces/default';
const review = (kind: string, scope = ''): PlausibleKind => ({
  collection: `/apis/authorization.k8s.io/v1${scope}/${kind.toLowerCase()}s`,
  name: 'web',
  subresources: [],
  object: (random, spoil) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind,
    spec: {
      resourceAttributes: spoil({ verb: 'get', resource: 'pods', namespace: 'default', fieldSelector: spoil({}) }),
      ...(kind.startsWith('Self') ? {} : { user: spoil('jane'), groups: spoil(['a']), extra: spoil({ a: ['b'] }) }),
      ...extra(random),
    },
  }),
});

const named = (apiVersion: string, kind: string, name: string): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name },
});

const webhookConfiguration = (kind: string): PlausibleKind => ({
  collection: `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}s`,
  name: 'web',
  subresources: [],
  object: (random, spoil) => ({
    ...named('admissionregistration.k8s.io/v1', kind, 'web'),
    webhooks: [webhook(random, spoil)],
  }),
});

const simple = (
  collection: string,
  apiVersion: string,
  kind: string,
  content: PlausibleKind['object'],
): PlausibleKind => ({
  collection,
  name: 'web',
  subresources: [],
  object: (random, spoil) => ({ ...named(apiVersion, kind, 'web'), ...content(random, spoil) }),
});

export const plausibleKinds: readonly PlausibleKind[] = [
  {
    collection: `/api/v1${namespaced}/pods`,
    name: 'web',
    subresources: ['status', 'log', 'eviction'],
    object: (random, spoil) => ({ ...named('v1', 'Pod', 'web'), spec: podSpec(random, spoil) }),
  },
  simple(`/api/v1${namespaced}/configmaps`, 'v1', 'ConfigMap', (_random, spoil) => ({ data: spoil({ a: 'b' }) })),
  simple(`/api/v1${namespaced}/secrets`, 'v1', 'Secret', (_random, spoil) => ({ data: spoil({ a: 'Yg==' }) })),
  simple(`/api/v1${namespaced}/services`, 'v1', 'Service', (random, spoil) => ({
    spec: { ports: spoil([{ port: 80 }]), selector: spoil({ app: 'web' }), ...extra(random) },
  })),
  {
    collection: `/api/v1${namespaced}/serviceaccounts`,
    name: 'web',
    subresources: ['token'],
    object: () => named('v1', 'ServiceAccount', 'web'),
  },
  {
    collection: `/apis/apps/v1${namespaced}/deployments`,
    name: 'web',
    subresources: ['status', 'scale'],
    object: (random, spoil) => ({
      ...named('apps/v1', 'Deployment', 'web'),
      spec: {
        replicas: spoil(1),
        selector: spoil({ matchLabels: { app: 'web' } }),
        template: template(random, spoil),
        ...extra(random),
      },
    }),
  },
  {
    collection: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    name: others,
    subresources: ['status'],
    object: (random, spoil) => definition(random, spoil, others),
  },
  {
    collection: `/apis/fuzz.example.com/v1${namespaced}/gadgets`,
    name: 'web',
    subresources: ['status', 'scale'],
    object: (random, spoil) => ({
      ...named('fuzz.example.com/v1', 'Gadget', 'web'),
      spec: {
        size: spoil(3),
        text: spoil('ab'),
        list: spoil([{ name: 'a' }]),
        either: spoil('1'),
        any: spoil({ a: 1 }),
        values: spoil({ a: null }),
        ...extra(random),
      },
    }),
  },
  webhookConfiguration('ValidatingWebhookConfiguration'),
  webhookConfiguration('MutatingWebhookConfiguration'),
  simple(
    `/apis/rbac.authorization.k8s.io/v1${namespaced}/roles`,
    'rbac.authorization.k8s.io/v1',
    'Role',
    (_r, spoil) => ({
      rules: spoil([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]),
    }),
  ),
  simple(`/apis/coordination.k8s.io/v1${namespaced}/leases`, 'coordination.k8s.io/v1', 'Lease', (_r, spoil) => ({
    spec: { holderIdentity: spoil('a'), renewTime: spoil('2026-01-01T00:00:00.000000Z') },
  })),
  simple(`/apis/events.k8s.io/v1${namespaced}/events`, 'events.k8s.io/v1', 'Event', (_random, spoil) => ({
    eventTime: spoil('2026-01-01T00:00:00.000000Z'),
    reportingController: spoil('example.com/c'),
    reportingInstance: spoil('i'),
    action: spoil('a'),
    reason: spoil('r'),
    type: spoil('Normal'),
    regarding: spoil({ kind: 'Pod', namespace: 'default', name: 'web' }),
  })),
  review('SelfSubjectAccessReview'),
  review('SubjectAccessReview'),
  review('LocalSubjectAccessReview', namespaced),
];
