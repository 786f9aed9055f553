import { arbitraryObject, arbitraryValue, keys, names, values } from './arbitrary-value.ts';
import { accepts, contentTypes, type FuzzRequest } from './fuzz-request.ts';
import type { Random } from '../../../domain/meta/seeded-random.ts';

const resources = [
  'pods',
  'configmaps',
  'secrets',
  'services',
  'deployments',
  'replicasets',
  'events',
  'nodes',
  'namespaces',
  'endpointslices',
  'serviceaccounts',
  'endpoints',
  'customresourcedefinitions',
  'gadgets',
  'selfsubjectaccessreviews',
  'nothing',
  '__proto__',
  'constructor',
];
const groups = [
  '/api/v1',
  '/apis/apps/v1',
  '/apis/discovery.k8s.io/v1',
  '/apis/apiextensions.k8s.io/v1',
  '/apis/fuzz.example.com/v1',
  '/apis/authorization.k8s.io/v1',
  '/apis/none/v1',
  '/api',
  '/apis',
  '/api/v2',
  '/openapi/v3',
  '/openapi/v2',
  '',
];
const parameters = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'allowWatchBookmarks',
  'timeoutSeconds',
  'includeObject',
  'dryRun',
  'fieldValidation',
  'fieldManager',
  'force',
  'gracePeriodSeconds',
  'propagationPolicy',
  'orphanDependents',
  'pretty',
  'container',
  'tailLines',
  '__proto__',
];

/** Anything that a hostile or broken client might send. */
export function arbitraryRequest(random: Random): FuzzRequest {
  const { pick } = random;
  const method = pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'POST', 'PATCH', 'OPTIONS']);
  const body = method === 'GET' ? undefined : arbitraryBody(random);
  return {
    method,
    path: arbitraryPath(random),
    contentType: pick(contentTypes),
    accept: pick(accepts),
    ...(body === undefined ? {} : { body }),
  };
}

function arbitraryPath(random: Random): string {
  const { maybe, pick } = random;
  const namespace = maybe(0.7) ? `/namespaces/${pick(['default', ...names])}` : '';
  const name = maybe(0.6) ? `/${pick(names)}` : '';
  const sub = maybe(0.2)
    ? `/${pick(['status', 'scale', 'log', 'finalize', 'token', 'eviction', '__proto__', 'x'])}`
    : '';
  return `${pick(groups)}${namespace}/${pick(resources)}${name}${sub}${arbitraryQuery(random)}`.replaceAll(
    /[^\x21-\x7e]/g,
    encodeURIComponent,
  );
}

export function arbitraryQuery({ below, maybe, pick }: Random): string {
  const query = Array.from({ length: below(4) }, () => {
    const value = pick(values);
    return `${pick(parameters)}=${maybe(0.8) ? encodeURIComponent(value) : value.replaceAll(/[^\x21-\x7e]/g, '')}`;
  });
  return query.length > 0 ? `?${query.join('&')}` : '';
}

const bytes = ({ below }: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length: below(length) }, () => below(256)));

function arbitraryBody(random: Random): string | Buffer | undefined {
  const { below } = random;
  switch (below(8)) {
    case 0:
      return undefined;
    case 1:
      return '{'.repeat(1 + below(3000));
    case 2:
      return '['.repeat(2000) + ']'.repeat(2000);
    case 3:
      return 'a: &a [*a, *a]\nb: *a';
    case 4:
      return bytes(random, 50);
    case 5:
      return Buffer.concat([Buffer.from('k8s\0'), bytes(random, 200)]);
    case 6:
      return JSON.stringify(arbitraryJsonPatch(random));
    default:
      return JSON.stringify(arbitraryObject(random, 6));
  }
}

export const arbitraryJsonPatch = (random: Random): object[] =>
  Array.from({ length: random.below(5) }, () => ({
    op: random.pick(['add', 'remove', 'replace', 'test', 'move', 'copy', 'x']),
    path: `/${random.pick(keys)}/${random.pick(keys)}`,
    from: '/metadata',
    value: arbitraryValue(random, 2),
  }));
