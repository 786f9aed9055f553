import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeOpenApi } from '../../../scripts/generate/write-openapi.ts';
import { openApiTestBed, type ApiTestBed } from '../../api/api-test-bed.ts';
import { ProtobufReader } from '../../api/codec/protobuf-reader.ts';
import { startCustomResourceDefinitionController } from '../../domain/controllers/definitions/custom-resource-definition-controller.ts';
import { startGarbageCollector } from '../../domain/controllers/garbage/garbage-collector.ts';
import { startNamespaceController } from '../../domain/controllers/namespace/namespace-controller.ts';
import { systemClock } from '../../domain/meta/clock.ts';
import { silentLogger } from '../../domain/registry/registry-fixture.ts';

let bed: ApiTestBed;
let openApiDirectory: string;
const stop = new AbortController();

beforeAll(async () => {
  openApiDirectory = await mkdtemp(join(tmpdir(), 'k2d-crd-'));
  await writeOpenApi(openApiDirectory);
  bed = await openApiTestBed({ openApiDirectory });
  const controllers = {
    registry: bed.registry,
    catalog: bed.catalog,
    clock: systemClock,
    logger: silentLogger,
    signal: stop.signal,
  };
  void startCustomResourceDefinitionController(controllers);
  void startGarbageCollector(controllers);
  void startNamespaceController(controllers);
});
afterAll(async () => {
  stop.abort();
  await bed.close();
  await rm(openApiDirectory, { recursive: true });
});

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const json = { 'content-type': 'application/json' };
const merge = { 'content-type': 'application/merge-patch+json' };

const spec = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer', minimum: 1 },
    colour: { type: 'string', default: 'red' },
    replicas: { type: 'integer' },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    parts: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, weight: { type: 'integer' } },
      },
    },
  },
};
/** A schema with all that there is in one, and what is left of it in OpenAPI v2. */
const everything = {
  type: 'object',
  title: 't',
  required: ['none', 'size'],
  externalDocs: { url: 'https://example.com' },
  oneOf: [{ required: ['size'] }],
  properties: {
    size: { type: 'integer', minimum: -1.5, maximum: 7, exclusiveMaximum: true, multipleOf: 0.5, default: 2 },
    none: { type: 'object', nullable: true, properties: { a: { type: 'string' } } },
    text: { type: 'string', minLength: 1, maxLength: 5000000000, pattern: '^a', enum: ['a', 'ab'], format: 'x' },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { a: { type: 'string' } } },
    either: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    values: { type: 'object', maxProperties: 3, additionalProperties: { type: 'string', nullable: true } },
    inner: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
    __proto__names: { type: 'array', maxItems: 3, items: { type: 'boolean', example: true } },
  },
};
const everythingInV2 = {
  type: 'object',
  title: 't',
  required: ['size'],
  properties: {
    size: { type: 'integer', minimum: -1.5, maximum: 7, exclusiveMaximum: true, multipleOf: 0.5 },
    none: {},
    text: { type: 'string', minLength: 1, maxLength: 5000000000, pattern: '^a', enum: ['a', 'ab'], format: 'x' },
    free: { 'x-kubernetes-preserve-unknown-fields': true },
    either: { 'x-kubernetes-int-or-string': true },
    values: { type: 'object', maxProperties: 3, additionalProperties: {} },
    inner: {
      'x-kubernetes-embedded-resource': true,
      properties: { metadata: { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' } },
    },
    __proto__names: { type: 'array', maxItems: 3, items: { type: 'boolean' } },
  },
};

/** Names of the members, such as a document's paths, which are in all parts of this number. */
function namesIn(document: Buffer, number: number, member: number): string[] {
  const inner = (bytes: Buffer, wanted: number): Buffer[] => {
    const found: Buffer[] = [];
    for (const reader = new ProtobufReader(bytes); !reader.atEnd;) {
      const tag = reader.tag();
      if (tag.number === wanted && tag.wireType === 2) found.push(reader.bytes());
      else reader.skip(tag.wireType);
    }
    return found;
  };
  return inner(document, number).flatMap((part) => inner(part, member).map((entry) => String(inner(entry, 1)[0])));
}

const version = (name: string, rest: object = {}) => ({
  name,
  served: true,
  storage: false,
  schema: {
    openAPIV3Schema: {
      type: 'object',
      properties: {
        spec,
        status: { type: 'object', properties: { phase: { type: 'string' }, replicas: { type: 'integer' } } },
      },
    },
  },
  ...rest,
});

/** A definition of its own for each test, so that none has to wait for another's end. */
function definitionOf(singular: string, versions: object[] = [version('v1', { storage: true })], rest: object = {}) {
  const plural = `${singular}s`;
  const kind = singular.charAt(0).toUpperCase() + singular.slice(1);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.shop.example.com` },
    spec: {
      group: 'shop.example.com',
      scope: 'Namespaced',
      names: { plural, singular, kind, shortNames: [`${singular}x`] },
      versions,
      ...rest,
    },
  };
}

const pathOf = (singular: string, apiVersion = 'v1') =>
  `/apis/shop.example.com/${apiVersion}/namespaces/default/${singular}s`;
const post = (path: string, body: object) => bed.send('POST', path, { body, headers: json });

async function establish(definition: ReturnType<typeof definitionOf>): Promise<void> {
  const created = await post(crds, definition);
  expect(created.status, created.text).toBe(201);
  await vi.waitFor(async () => {
    const { body } = await bed.send('GET', `${crds}/${definition.metadata.name}`);
    expect(conditionsOf(body)).toMatchObject({ NamesAccepted: 'True', Established: 'True' });
  });
}

const conditionsOf = (object: { status: { conditions: { type: string; status: string }[] } }) =>
  Object.fromEntries(object.status.conditions.map(({ type, status }) => [type, status]));

const object = (singular: string, name: string, content: object = { size: 1 }, apiVersion = 'shop.example.com/v1') => ({
  apiVersion,
  kind: singular.charAt(0).toUpperCase() + singular.slice(1),
  metadata: { name },
  spec: content,
});

describe('definitions', () => {
  it('are completed and established, and their versions are kept in mind', async () => {
    await establish(definitionOf('apple'));
    const { body } = await bed.send('GET', `${crds}/apples.shop.example.com`);
    expect(body.spec.names).toMatchObject({ listKind: 'AppleList', singular: 'apple' });
    expect(body.spec.conversion).toEqual({ strategy: 'None' });
    expect(body.status).toMatchObject({ storedVersions: ['v1'], acceptedNames: { plural: 'apples', kind: 'Apple' } });
  });

  it.each([
    [
      'without anything',
      { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'x.y.z' } },
      'spec.group: Required value',
    ],
    [
      'under another name',
      { ...definitionOf('pear'), metadata: { name: 'other.shop.example.com' } },
      'must be spec.names.plural+"."+spec.group',
    ],
    [
      'without a storage version',
      definitionOf('pear', [version('v1')]),
      'must have exactly one version marked as storage version',
    ],
    [
      'without a schema',
      definitionOf('pear', [{ name: 'v1', served: true, storage: true }]),
      'spec.versions[0].schema.openAPIV3Schema: Required value',
    ],
    [
      'of nothing structural',
      definitionOf('pear', [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { a: {} } } },
        },
      ]),
      'spec.versions[0].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields',
    ],
    [
      'with a webhook',
      definitionOf('pear', undefined, { conversion: { strategy: 'Webhook' } }),
      'k2d does not call webhooks to convert between versions yet',
    ],
    [
      'with rules about fields that there are not',
      definitionOf('pear', [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-validations': [{ rule: 'self.pip' }] } },
        },
      ]),
      "compilation failed: ERROR: <input>:1:5: undefined field 'pip'",
    ],
    [
      'of a group of Kubernetes',
      {
        ...definitionOf('pear'),
        metadata: { name: 'pears.apps.k8s.io' },
        spec: { ...definitionOf('pear').spec, group: 'apps.k8s.io' },
      },
      'protected groups must have approval annotation',
    ],
  ])('%s are refused', async (_name, definition, text) => {
    const { status, body } = await post(crds, definition);
    expect([status, body.reason]).toEqual([422, 'Invalid']);
    expect(body.message).toContain(text);
  });

  it('that are no objects inside are refused', async () => {
    const broken = definitionOf('pear', [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { properties: { type: 'array', items: 5 } } } },
      },
    ]);
    expect((await post(crds, broken)).status).toBe(400);
  });

  it('wait when their names are taken, and get them when the other goes', async () => {
    await establish(definitionOf('plum'));
    const thief = definitionOf('prune', undefined, { names: { plural: 'prunes', singular: 'prune', kind: 'Plum' } });
    await post(crds, thief);
    const conditions = async () => conditionsOf((await bed.send('GET', `${crds}/prunes.shop.example.com`)).body);
    await vi.waitFor(async () => expect(await conditions()).toEqual({ NamesAccepted: 'False', Established: 'False' }));
    expect((await bed.send('GET', pathOf('prune'))).status).toBe(404);
    await bed.send('DELETE', `${crds}/plums.shop.example.com`);
    await vi.waitFor(async () => expect(await conditions()).toEqual({ NamesAccepted: 'True', Established: 'True' }));
    expect((await bed.send('GET', pathOf('prune'))).status).toBe(200);
  });
});

describe('custom resources', () => {
  beforeAll(async () => {
    const columns = [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }];
    const served = {
      storage: true,
      subresources: {
        status: {},
        scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
      },
      additionalPrinterColumns: columns,
      selectableFields: [{ jsonPath: '.spec.colour' }],
    };
    await establish(
      definitionOf('crate', [
        version('v1', served),
        version('v1beta1', { deprecated: true }),
        version('v2', { served: false }),
      ]),
    );
  });

  it('get defaults, lose unknown fields with a warning, and keep what is free', async () => {
    const reply = await post(pathOf('crate'), object('crate', 'a', { size: 2, bad: 1, free: { any: [1] } }));
    expect(reply.status).toBe(201);
    expect(reply.headers['warning']).toBe('299 - "unknown field \\"spec.bad\\""');
    expect(reply.body.spec).toEqual({ size: 2, colour: 'red', free: { any: [1] } });
    expect(reply.body.metadata.generation).toBe(1);
  });

  it('are refused when they do not fit', async () => {
    const strict = await post(`${pathOf('crate')}?fieldValidation=Strict`, object('crate', 'b', { size: 1, bad: 1 }));
    expect([strict.status, strict.body.message]).toEqual([
      400,
      'Crate in version "v1" cannot be handled as a Crate: strict decoding error: unknown field "spec.bad"',
    ]);
    const invalid = await post(pathOf('crate'), object('crate', 'b', { size: 'big' }));
    expect([invalid.status, invalid.body.message]).toEqual([
      422,
      'Crate.shop.example.com "b" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
    ]);
    const meta = await post(pathOf('crate'), { ...object('crate', 'b'), metadata: { name: 'b', labels: 'x' } });
    expect(meta.status).toBe(400);
  });

  it('obey the rules of their schema, also in their status', async () => {
    const rule = (text: string) => [{ rule: text }];
    const openAPIV3Schema = {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            least: { type: 'integer' },
            most: { type: 'integer' },
            name: {
              type: 'string',
              'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'is immutable' }],
            },
          },
          'x-kubernetes-validations': rule('self.least <= self.most'),
        },
        status: {
          type: 'object',
          properties: { n: { type: 'integer', 'x-kubernetes-validations': rule('self > 0') } },
        },
      },
    };
    const only = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema }, subresources: { status: {} } };
    await establish(definitionOf('quince', [only]));
    const refused = await post(pathOf('quince'), object('quince', 'a', { least: 3, most: 2 }));
    expect([refused.status, refused.body.message]).toEqual([
      422,
      'Quince.shop.example.com "a" is invalid: spec: Invalid value: "object": failed rule: self.least <= self.most',
    ]);
    expect((await post(pathOf('quince'), object('quince', 'a', { least: 1, most: 2, name: 'x' }))).status).toBe(201);
    const path = `${pathOf('quince')}/a`;
    const patch = (at: string, body: object) => bed.send('PATCH', at, { headers: merge, body });
    expect((await patch(path, { spec: { name: 'y' } })).body.message).toContain(
      'spec.name: Invalid value: "string": is immutable',
    );
    expect((await patch(`${path}/status`, { status: { n: 0 } })).body.message).toContain(
      'status.n: Invalid value: "integer": failed rule: self > 0',
    );
    expect((await patch(`${path}/status`, { status: { n: 1 } })).status).toBe(200);
  });

  it('are the same object in every version', async () => {
    await post(pathOf('crate', 'v1beta1'), object('crate', 'old', { size: 3 }, 'shop.example.com/v1beta1'));
    const [old, now] = [
      await bed.send('GET', `${pathOf('crate', 'v1beta1')}/old`),
      await bed.send('GET', `${pathOf('crate')}/old`),
    ];
    expect([old.body.apiVersion, now.body.apiVersion]).toEqual(['shop.example.com/v1beta1', 'shop.example.com/v1']);
    expect(old.body.metadata.uid).toBe(now.body.metadata.uid);
    expect(old.headers['warning']).toBe('299 - "shop.example.com/v1beta1 Crate is deprecated"');
    expect((await bed.send('GET', pathOf('crate', 'v2'))).status).toBe(404);
  });

  it('are watched in the version that was asked for', async () => {
    const lines = await bed.stream(`${pathOf('crate', 'v1beta1')}?watch=true&fieldSelector=metadata.name=seen`);
    const first = lines.next();
    await post(pathOf('crate'), object('crate', 'seen'));
    expect((await first).value).toMatchObject({ type: 'ADDED', object: { apiVersion: 'shop.example.com/v1beta1' } });
    await lines.return(undefined);
  });

  it('count generations of everything but metadata and status', async () => {
    await post(pathOf('crate'), object('crate', 'g', { size: 1, replicas: 1 }));
    const patch = (path: string, body: object) =>
      bed.send('PATCH', `${pathOf('crate')}/g${path}`, { body, headers: merge });
    expect((await patch('', { metadata: { labels: { a: 'b' } } })).body.metadata.generation).toBe(1);
    expect((await patch('', { status: { phase: 'x' } })).body.status).toBeUndefined();
    const status = await patch('/status', { status: { phase: 'Ready', replicas: 1 }, spec: { size: 9 } });
    expect([status.body.metadata.generation, status.body.spec.size, status.body.status.phase]).toEqual([1, 1, 'Ready']);
    expect((await patch('/status', { status: { phase: 1 } })).body.message).toContain(
      'status.phase: Invalid value: "integer": phase in body',
    );
    expect((await patch('', { spec: { size: 2 } })).body.metadata.generation).toBe(2);
    const scaled = await patch('/scale', { spec: { replicas: 3 } });
    expect(scaled.body).toMatchObject({ kind: 'Scale', spec: { replicas: 3 }, status: { replicas: 1 } });
    expect((await bed.send('GET', `${pathOf('crate')}/g`)).body.spec.replicas).toBe(3);
  });

  it('take merge and JSON patches, no strategic ones, and no PUT without a version', async () => {
    await post(pathOf('crate'), object('crate', 'p'));
    const patch = (type: string, body: unknown) =>
      bed.send('PATCH', `${pathOf('crate')}/p`, { body, headers: { 'content-type': `application/${type}` } });
    expect((await patch('json-patch+json', [{ op: 'replace', path: '/spec/size', value: 5 }])).body.spec.size).toBe(5);
    expect((await patch('strategic-merge-patch+json', { spec: { size: 6 } })).status).toBe(415);
    const put = await bed.send('PUT', `${pathOf('crate')}/p`, { body: object('crate', 'p'), headers: json });
    expect(put.body.message).toContain('metadata.resourceVersion: Invalid value: 0x0: must be specified for an update');
  });

  it('are applied by several, each with parts of its own, as their schema says that lists merge', async () => {
    const apply = (manager: string, content: object, query = '') =>
      bed.send('PATCH', `${pathOf('crate')}/shared?fieldManager=${manager}${query}`, {
        body: object('crate', 'shared', content),
        headers: { 'content-type': 'application/apply-patch+yaml' },
      });
    const made = await apply('one', { size: 1, parts: [{ name: 'a', weight: 1 }] });
    expect([made.status, made.text]).toEqual([201, expect.stringContaining('"k:{\\"name\\":\\"a\\"}"')]);
    const both = await apply('two', { parts: [{ name: 'b', weight: 2 }] });
    expect(both.body.spec.parts).toEqual([
      { name: 'a', weight: 1 },
      { name: 'b', weight: 2 },
    ]);
    const conflict = await apply('two', { size: 2 });
    expect([conflict.status, conflict.body.message]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "one": .spec.size',
    ]);
    const left = await apply('two', { size: 2 }, '&force=true');
    expect(left.body.spec).toMatchObject({ size: 2, parts: [{ name: 'a', weight: 1 }] });
    expect((await apply('two', { size: 2, bad: 1 }, '&force=true')).status).toBe(400);
  });

  it('are selected by the fields that the definition names, and shown in its columns', async () => {
    await post(pathOf('crate'), object('crate', 'blue', { size: 7, colour: 'blue' }));
    const selected = await bed.send('GET', `${pathOf('crate')}?fieldSelector=spec.colour=blue`, {
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    });
    expect(selected.body.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual(['Name', 'Size']);
    expect(selected.body.rows.map(({ cells }: { cells: unknown[] }) => cells)).toEqual([['blue', 7]]);
  });

  it('are discovered, plain and aggregated, under another tag, and have a document', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const before = await bed.send('GET', '/apis', { headers: { accept } });
    await establish(definitionOf('barrel'));
    const after = await bed.send('GET', '/apis', { headers: { accept } });
    expect(after.headers['etag']).not.toBe(before.headers['etag']);
    expect(after.text).toContain('"resource":"barrels"');
    const group = await bed.send('GET', '/apis/shop.example.com');
    expect(group.body.preferredVersion.version).toBe('v1');
    const resources = await bed.send('GET', '/apis/shop.example.com/v1');
    expect(resources.body.resources.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['barrels', 'crates', 'crates/scale', 'crates/status']),
    );
    const index = await bed.send('GET', '/openapi/v3');
    const document = await bed.send('GET', index.body.paths['apis/shop.example.com/v1'].serverRelativeURL);
    expect(document.status).toBe(200);
    expect(document.body.components.schemas['com.example.shop.v1.Barrel'].properties.spec).toEqual(spec);
    expect(
      document.body.paths['/apis/shop.example.com/v1/namespaces/{namespace}/barrels/{name}'].patch[
        'x-kubernetes-group-version-kind'
      ].kind,
    ).toBe('Barrel');
  });

  it('are in the document of OpenAPI v2, in both its forms', async () => {
    const before = await bed.send('GET', '/openapi/v2');
    await establish(
      definitionOf('cask', [
        version('v1', {
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: everything } } },
        }),
      ]),
    );
    const { body, headers } = await bed.send('GET', '/openapi/v2');
    expect(headers['etag']).not.toBe(before.headers['etag']);
    expect(body.definitions['com.example.shop.v1.Cask']).toMatchObject({
      properties: {
        metadata: { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
        spec: everythingInV2,
      },
      'x-kubernetes-group-version-kind': [{ group: 'shop.example.com', version: 'v1', kind: 'Cask' }],
    });
    expect(body.definitions['com.example.shop.v1.CaskList'].properties.items.items).toEqual({
      $ref: '#/definitions/com.example.shop.v1.Cask',
    });
    const path = '/apis/shop.example.com/v1/namespaces/{namespace}/casks/{name}';
    expect(body.paths[path].patch.consumes).not.toContain('application/strategic-merge-patch+json');
    expect(Object.keys(before.body.definitions).filter((name) => !Object.hasOwn(body.definitions, name))).toEqual([]);
    const protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    const response = await bed.open('/openapi/v2', { accept: protobuf, 'accept-encoding': 'gzip' });
    const bytes = gunzipSync(Buffer.concat(await response.toArray()));
    expect(namesIn(bytes, 8, 2).toSorted()).toEqual(Object.keys(body.paths).toSorted());
    expect(namesIn(bytes, 9, 1).toSorted()).toEqual(Object.keys(body.definitions).toSorted());
    const again = await bed.send('GET', '/openapi/v2', { headers: { 'if-none-match': headers['etag']! } });
    expect(again.status).toBe(304);
  });

  it('go with their namespace', async () => {
    await bed.send('POST', '/api/v1/namespaces', { body: { metadata: { name: 'short' } }, headers: json });
    await post('/apis/shop.example.com/v1/namespaces/short/crates', object('crate', 'inside'));
    await bed.send('DELETE', '/api/v1/namespaces/short');
    await vi.waitFor(async () => expect((await bed.send('GET', '/api/v1/namespaces/short')).status).toBe(404));
    expect((await bed.send('GET', '/apis/shop.example.com/v1/crates')).text).not.toContain('inside');
  });

  it('own and are owned', async () => {
    const owner = (await post(pathOf('crate'), object('crate', 'owner'))).body;
    const ownerReferences = [
      { apiVersion: owner.apiVersion, kind: owner.kind, name: 'owner', uid: owner.metadata.uid },
    ];
    await post('/api/v1/namespaces/default/configmaps', { metadata: { name: 'owned', ownerReferences } });
    await bed.send('DELETE', `${pathOf('crate')}/owner`);
    await vi.waitFor(async () =>
      expect((await bed.send('GET', '/api/v1/namespaces/default/configmaps/owned')).status).toBe(404),
    );
  });
});

describe('the end of a definition', () => {
  it('is the end of its objects, and waits for those that have finalizers', async () => {
    await establish(definitionOf('keg'));
    await post(pathOf('keg'), object('keg', 'plain'));
    const held = object('keg', 'held');
    await post(pathOf('keg'), { ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } });
    const definition = `${crds}/kegs.shop.example.com`;
    expect((await bed.send('DELETE', definition)).body.metadata.finalizers).toEqual([
      'customresourcecleanup.apiextensions.k8s.io',
    ]);
    await vi.waitFor(async () => expect((await bed.send('GET', `${pathOf('keg')}/plain`)).status).toBe(404));
    const refused = await post(pathOf('keg'), object('keg', 'late'));
    expect([refused.status, refused.body.message]).toEqual([
      405,
      'create not allowed while custom resource definition is terminating',
    ]);
    expect(conditionsOf((await bed.send('GET', definition)).body)).toMatchObject({ Terminating: 'True' });
    await bed.send('PATCH', `${pathOf('keg')}/held`, { body: { metadata: { finalizers: null } }, headers: merge });
    await vi.waitFor(async () => expect((await bed.send('GET', definition)).status).toBe(404));
    await vi.waitFor(async () => expect((await bed.send('GET', pathOf('keg'))).status).toBe(404));
  });

  it('leaves nothing to the next of that name', async () => {
    await establish(definitionOf('jar'));
    await post(pathOf('jar'), object('jar', 'first'));
    await bed.send('DELETE', `${crds}/jars.shop.example.com`);
    await vi.waitFor(async () => expect((await bed.send('GET', `${crds}/jars.shop.example.com`)).status).toBe(404));
    await establish(definitionOf('jar'));
    await vi.waitFor(async () => expect((await bed.send('GET', pathOf('jar'))).body.items).toEqual([]));
  });
});

describe('a change of a definition', () => {
  it('shows in what was stored before it, and what is stored is kept in the new version at the next write', async () => {
    await establish(definitionOf('box'.replace('x', 'xe'), [version('v1', { storage: true }), version('v2')]));
    await post(pathOf('boxe'), object('boxe', 'a', { size: 4 }));
    const url = `${crds}/boxes.shop.example.com`;
    const { body } = await bed.send('GET', url);
    body.spec.versions[0].storage = false;
    body.spec.versions[1].storage = true;
    body.spec.versions[1].schema.openAPIV3Schema.properties.spec.properties.added = { type: 'string', default: 'new' };
    const changed = await bed.send('PUT', url, { body, headers: json });
    expect(changed.body.status.storedVersions).toEqual(['v1', 'v2']);
    await vi.waitFor(async () =>
      expect((await bed.send('GET', `${pathOf('boxe', 'v2')}/a`)).body.spec.added).toBe('new'),
    );
    expect((await bed.send('GET', `${pathOf('boxe')}/a`)).body.spec).toEqual({ size: 4, colour: 'red' });
    changed.body.spec.versions = [changed.body.spec.versions[1]];
    const refused = await bed.send('PUT', url, { body: changed.body, headers: json });
    expect(refused.body.message).toContain('status.storedVersions[0]: Invalid value: "v1": missing from spec.versions');
  });

  it('ends the watches of what it changes, for they would show its objects as they were defined before', async () => {
    await establish(definitionOf('vat'));
    const lines = await bed.stream(`${pathOf('vat')}?watch=true&timeoutSeconds=60`);
    const end = lines.next();
    const url = `${crds}/vats.shop.example.com`;
    const patched = await bed.send('PATCH', url, { body: { spec: { names: { shortNames: ['v'] } } }, headers: merge });
    expect(patched.status).toBe(200);
    expect((await end).done).toBe(true);
  });

  it('may not change group, plural, or the kind and scope that are served', async () => {
    await establish(definitionOf('tin'));
    const patch = await bed.send('PATCH', `${crds}/tins.shop.example.com`, {
      body: { spec: { scope: 'Cluster' } },
      headers: merge,
    });
    expect(patch.body.message).toContain('spec.scope: Invalid value: "Cluster": field is immutable');
  });
});
