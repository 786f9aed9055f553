import { stringify } from 'yaml';
import { checkFields } from '../../../domain/meta/schema/check-fields.ts';
import { schemaOfKind } from '../../../domain/meta/schema/schema-table.ts';
import type { KubernetesObject } from '../../../domain/meta/types.ts';
import { protobufBody } from '../../../api/codec/protobuf-fixture.ts';
import { arbitraryJsonPatch, arbitraryQuery } from './arbitrary-request.ts';
import { arbitraryValue } from './arbitrary-value.ts';
import { accepts, type FuzzRequest } from './fuzz-request.ts';
import { plausibleKinds, type PlausibleKind, type Spoil } from './plausible-object.ts';
import type { Random } from '../../../domain/meta/seeded-random.ts';

/** What a client might really send, with a mistake here and there: it gets further in than what is arbitrary. */
export function plausibleRequest(random: Random): FuzzRequest {
  const kind = random.pick(plausibleKinds);
  const request = random.pick(requests)(random, kind);
  return {
    accept: random.maybe(0.7) ? 'application/json' : random.pick(accepts),
    contentType: 'application/json',
    ...request,
  };
}

type Plausible = (
  random: Random,
  kind: PlausibleKind,
) => Omit<FuzzRequest, 'accept' | 'contentType'> & Partial<FuzzRequest>;

const spoilerOf = (random: Random): Spoil => {
  const odds = random.pick([0, 0, 0.05, 0.3]);
  return (value) => (random.maybe(odds) ? arbitraryValue(random, 3) : value);
};

const create: Plausible = (random, { collection, object }) => ({
  method: 'POST',
  path: `${collection}${arbitraryQuery(random)}`,
  ...encoded(random, object(random, spoilerOf(random))),
});

const replace: Plausible = (random, kind) => ({
  method: 'PUT',
  path: `${pathOf(random, kind)}${arbitraryQuery(random)}`,
  ...encoded(random, kind.object(random, spoilerOf(random))),
});

const patch: Plausible = (random, kind) => {
  const isJsonPatch = random.maybe(0.3);
  const type = isJsonPatch ? 'json' : random.pick(['merge', 'strategic-merge']);
  const content = isJsonPatch ? arbitraryJsonPatch(random) : kind.object(random, spoilerOf(random));
  return {
    method: 'PATCH',
    path: `${pathOf(random, kind)}${arbitraryQuery(random)}`,
    contentType: `application/${type}-patch+json`,
    body: JSON.stringify(content),
  };
};

const apply: Plausible = (random, kind) => {
  const object = kind.object(random, spoilerOf(random));
  const manager = random.pick(['one', 'two', 'kubectl']);
  return {
    method: 'PATCH',
    path: `${pathOf(random, kind)}?fieldManager=${manager}&force=${random.maybe(0.7)}`,
    contentType: 'application/apply-patch+yaml',
    body: random.maybe(0.5) ? JSON.stringify(object) : stringify(object, { aliasDuplicateObjects: false }),
  };
};

const read: Plausible = (random, kind) => ({
  method: 'GET',
  path: `${random.maybe(0.5) ? kind.collection : pathOf(random, kind)}${arbitraryQuery(random)}`,
});

const watch: Plausible = (random, { collection }) => {
  const query = arbitraryQuery(random);
  return { method: 'GET', path: `${collection}${query === '' ? '?' : `${query}&`}${random.pick(watchQueries)}` };
};

const watchQueries = [
  'watch=true',
  'watch=1&allowWatchBookmarks=true',
  'watch=true&resourceVersion=0',
  'watch=true&resourceVersion=1',
  'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
];

const remove: Plausible = (random, kind) => {
  const options = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    gracePeriodSeconds: random.pick([0, -1, 1, undefined]),
    propagationPolicy: random.pick(['Background', 'Foreground', 'Orphan', undefined]),
    preconditions: random.pick([undefined, { uid: 'x' }]),
  };
  return {
    method: 'DELETE',
    path: `${random.maybe(0.1) ? kind.collection : pathOf(random, kind)}${arbitraryQuery(random)}`,
    ...(random.maybe(0.5) ? {} : encoded(random, options)),
  };
};

/** Those that make something come more often than those that remove it. */
const requests: readonly Plausible[] = [create, create, replace, patch, patch, apply, apply, read, watch, remove];

function pathOf({ maybe, pick }: Random, { collection, name, subresources }: PlausibleKind): string {
  const subresource = subresources.length > 0 && maybe(0.3) ? `/${pick(subresources)}` : '';
  return `${collection}/${maybe(0.9) ? name : 'x'}${subresource}`;
}

/** In one of the writings that clients use; protobuf now and then damaged. */
function encoded({ below, maybe, pick }: Random, object: KubernetesObject): Pick<FuzzRequest, 'contentType' | 'body'> {
  const contentType = pick(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const);
  if (contentType === 'application/yaml')
    return { contentType, body: stringify(object, { aliasDuplicateObjects: false }) };
  const schema = schemaOfKind(object.apiVersion ?? '', object.kind ?? '');
  const readable = schema === undefined ? undefined : checkFields(JSON.parse(JSON.stringify(object)), schema);
  if (contentType === 'application/json' || readable === undefined || readable.typeErrors.length > 0)
    return { contentType: 'application/json', body: JSON.stringify(object) };
  const body = protobufBody(readable.object as KubernetesObject);
  if (maybe(0.3)) body[below(body.length)] = below(256);
  return { contentType, body };
}
