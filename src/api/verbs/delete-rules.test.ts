import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import { configMaps } from '../../domain/resources/config-map.ts';
import { pods } from '../../domain/resources/pod.ts';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';
import { protobufBody } from '../codec/protobuf-fixture.ts';

let bed: ApiTestBed;
beforeEach(async () => {
  bed = await openApiTestBed();
  for (const name of ['a', 'b', 'c', 'd']) {
    const labels = { half: name < 'c' ? 'first' : 'second' };
    await bed.registry.create(configMaps, { metadata: { namespace: 'default', name, labels } });
  }
});
afterEach(() => bed.close());

const path = '/api/v1/namespaces/default/configmaps';
const left = () =>
  bed.registry
    .all(configMaps)
    .map(({ metadata }) => metadata?.name)
    .join('');
const remove = (url: string, options?: object) =>
  bed.send('DELETE', url, {
    ...(options === undefined ? {} : { body: { apiVersion: 'v1', kind: 'DeleteOptions', ...options } }),
    headers: { 'content-type': 'application/json' },
  });
const metaOfA = () => bed.registry.get(configMaps, { namespace: 'default', name: 'a' }).metadata;

describe('options of a delete', () => {
  test.each([
    ['uid', 'the UID in the precondition (x) does not match the UID in record'],
    ['resourceVersion', 'the ResourceVersion in the precondition (x) does not match the ResourceVersion in record'],
  ])('a precondition of another %s is a conflict', async (field, message) => {
    const { status, body } = await remove(`${path}/a`, { preconditions: { [field]: 'x' } });
    expect([status, body.reason, body.message]).toEqual([409, 'Conflict', expect.stringContaining(message)]);
    expect(left()).toBe('abcd');
  });

  test('preconditions that hold are none, in protobuf too', async () => {
    const { uid = '', resourceVersion = '' } = metaOfA() ?? {};
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } };
    const { status } = await bed.send('DELETE', `${path}/a`, {
      body: protobufBody(options as KubernetesObject),
      headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
    });
    expect([status, left()]).toEqual([200, 'bcd']);
  });

  test.each([
    [{ propagationPolicy: 'Orphan' }, ['orphan']],
    [{ propagationPolicy: 'Foreground' }, ['foregroundDeletion']],
    [{ orphanDependents: true }, ['orphan']],
  ])('%j waits for the garbage collector', async (options, finalizers) => {
    expect((await remove(`${path}/a`, options)).status).toBe(200);
    expect(metaOfA()).toMatchObject({ finalizers, deletionTimestamp: expect.any(String) });
  });

  test('not to orphan is told as accepted while somebody waits', async () => {
    await remove(`${path}/a`, { propagationPolicy: 'Foreground' });
    expect((await remove(`${path}/a`, { orphanDependents: false })).status).toBe(202);
  });

  test('both words for one thing are invalid', async () => {
    const { status, body } = await remove(`${path}/a`, { orphanDependents: true, propagationPolicy: 'Orphan' });
    expect([status, body.details.kind]).toEqual([422, 'DeleteOptions']);
    expect(body.message).toContain('orphanDependents and deletionPropagation cannot be both set');
  });

  test('a grace below zero is a second', async () => {
    const metadata = { namespace: 'default', name: 'p' };
    await bed.registry.create(pods, { metadata, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } });
    const { body } = await remove('/api/v1/namespaces/default/pods/p', { gracePeriodSeconds: -5 });
    expect(body.metadata.deletionGracePeriodSeconds).toBe(1);
  });

  test.each([
    ['in the body', '', { dryRun: ['All'] }],
    ['in the query', '?dryRun=All', undefined],
  ])('a dry run %s changes nothing', async (_where, query, options) => {
    const before = bed.registry.resourceVersion;
    expect((await remove(`${path}/a${query}`, options)).status).toBe(200);
    expect([left(), bed.registry.resourceVersion]).toEqual(['abcd', before]);
  });

  test('what is for broken storage means nothing here, as in Kubernetes without its feature', async () => {
    const options = { ignoreStoreReadErrorWithClusterBreakingPotential: true };
    expect([(await remove(`${path}/a`, options)).status, left()]).toEqual([200, 'bcd']);
  });
});

describe('deletecollection', () => {
  test.each([
    ['labelSelector=half%3Dsecond', 'ab'],
    ['fieldSelector=metadata.name!%3Db', 'b'],
    ['limit=1', 'bcd'],
    ['labelSelector=half%3Dsecond&limit=1', 'abd'],
    ['dryRun=All', 'abcd'],
  ])('?%s leaves %s', async (query, names) => {
    expect((await remove(`${path}?${query}`)).status).toBe(200);
    expect(left()).toBe(names);
  });

  test('goes on where its limit was', async () => {
    const { body } = await remove(`${path}?limit=3`);
    expect(body.items.map((each: KubernetesObject) => each.metadata?.name)).toEqual(['a', 'b', 'c']);
    await remove(`${path}?continue=${body.metadata.continue}`);
    expect(left()).toBe('');
  });

  test('of another version than all have meets its preconditions one by one', async () => {
    const { status } = await remove(path, { preconditions: { resourceVersion: metaOfA()?.resourceVersion } });
    expect([status, left()]).toEqual([409, 'bcd']);
  });

  test('by what cannot be selected deletes nothing', async () => {
    expect((await remove(`${path}?fieldSelector=data.a%3Db`)).status).toBe(400);
    expect(left()).toBe('abcd');
  });
});

describe('keys that YAML has twice', () => {
  const yaml = 'metadata:\n  name: y\ndata:\n  a: "1"\n  a: "2"\n  b: "1"\n  b: "2"\nfoo: 1\n';
  const post = (mode: string) =>
    bed.send('POST', `${path}?fieldValidation=${mode}`, {
      body: yaml,
      headers: { 'content-type': 'application/yaml' },
    });

  test('are refused in the words of Go', async () => {
    const { status, body } = await post('Strict');
    expect([status, body.message]).toEqual([
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 5: key "a" already set in map\n  line 7: key "b" already set in map, unknown field "foo"',
    ]);
  });

  test('are a warning each', async () => {
    const { status, headers } = await post('Warn');
    expect([status, headers['warning']]).toEqual([
      201,
      String.raw`299 - "line 5: key \"a\" already set in map", 299 - "line 7: key \"b\" already set in map", 299 - "unknown field \"foo\""`,
    ]);
  });

  test('are nothing to who does not care', async () => {
    const { status, headers } = await post('Ignore');
    expect([status, headers['warning']]).toEqual([201, undefined]);
  });
});

test('warnings have a bound, in number and in length', async () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_each, index) => [`${'x'.repeat(300)}${index}`, 1]));
  const { status, headers } = await bed.send('POST', path, {
    body: { metadata: { name: 'w' }, ...many },
    headers: { 'content-type': 'application/json' },
  });
  expect(status).toBe(201);
  const warnings = String(headers['warning']).split(', 299 - ');
  expect(warnings.length).toBeLessThanOrEqual(64);
  expect(Math.max(...warnings.map(({ length }) => length))).toBeLessThan(300);
});
