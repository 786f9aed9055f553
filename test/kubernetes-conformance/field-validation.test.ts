import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { defineCustomResource } from './custom-resource.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

const strictly = 'fieldManager=test&fieldValidation=Strict';

describe('a kind that is built in', () => {
  const deployment = (metadata: string, spec: string) =>
    `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web",${metadata}"labels":{"app":"web"}},"spec":{${spec}` +
    '"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}';

  it.each([
    [
      'fields',
      deployment('', '"unknownField":"foo","replicas":2,"replicas":3,'),
      'unknown field "spec.unknownField", duplicate field "spec.replicas"',
    ],
    ['metadata', deployment('"unknownMeta":"foo",', ''), 'unknown field "metadata.unknownMeta"'],
  ])('is refused for unknown and double %s', async (_what, text, complaint) => {
    const path = `/apis/apps/v1/namespaces/${await plane.namespace()}/deployments?${strictly}`;
    const { status, body } = await plane.client.attempt('POST', path, text);
    expect([status, body.reason]).toEqual([400, 'BadRequest']);
    expect(body.message).toContain(`strict decoding error: ${complaint}`);
  });

  it('is told the lines of what YAML has twice', async () => {
    const path = `/api/v1/namespaces/${await plane.namespace()}/configmaps?${strictly}`;
    const text = 'metadata:\n  name: x\ndata:\n  a: "1"\n  a: "2"\n';
    const { status, body } = await plane.client.attempt('POST', path, text, { 'content-type': 'application/yaml' });
    expect([status, body.message]).toEqual([
      400,
      expect.stringMatching(/strict decoding error: yaml: unmarshal errors:\n {2}line 5: key "a" already set in map$/),
    ]);
  });
});

describe('a custom resource', () => {
  const port = { type: 'object', required: ['containerPort', 'protocol'] };
  const properties = {
    foo: { type: 'string' },
    cronSpec: { type: 'string', pattern: '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$' },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      items: {
        ...port,
        properties: {
          containerPort: { type: 'integer', format: 'int32' },
          protocol: { type: 'string' },
          name: { type: 'string' },
        },
      },
    },
  };
  const specOf = (more: object, fields: object = {}) => ({
    type: 'object',
    properties: { spec: { type: 'object', properties: { ...properties, ...fields }, ...more } },
  });
  const keepsUnknown = { 'x-kubernetes-preserve-unknown-fields': true };
  const template = {
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    properties: {
      metadata: { type: 'object', properties: { name: { type: 'string' } } },
      spec: { type: 'object' },
    },
  };

  /** Applies lines to `spec`, `metadata` and the root of an otherwise good object, and answers what the server says. */
  async function applied(schema: object | undefined, lines: { root?: string; metadata?: string; spec?: string[] }) {
    const { client } = plane;
    const resource = await defineCustomResource(client, schema === undefined ? {} : { schema });
    const text = [
      `apiVersion: ${resource.apiVersion}`,
      `kind: ${resource.kind}`,
      'metadata:',
      '  name: mytest',
      ...(lines.metadata === undefined ? [] : [`  ${lines.metadata}`]),
      '  finalizers:',
      '  - example.com/test',
      ...(lines.root === undefined ? [] : [lines.root]),
      'spec:',
      ...(lines.spec ?? []).map((line) => `  ${line}`),
      '  foo: foo1',
      '  cronSpec: "* * * * */5"',
      '  ports:',
      '  - name: x',
      '    containerPort: 80',
      '    protocol: TCP',
    ].join('\n');
    return client.apply(`${resource.collection()}/mytest?${strictly}`, text);
  }

  it('that fits its schema is applied', async () => {
    const { status, body } = await applied(specOf({}), {});
    expect([status, body.spec.cronSpec]).toEqual([201, '* * * * */5']);
  });

  it('without a schema may have any fields', async () => {
    const { status, body } = await applied(undefined, { spec: ['unknown: uk1'] });
    expect([status, body.spec.unknown]).toEqual([201, 'uk1']);
  });

  it('with a field beside its schema is refused', async () => {
    const { status, text } = await applied(specOf({}), { root: 'unknownField: unknown' });
    expect(status).toBe(400);
    expect(text).toContain('.unknownField: field not declared in schema');
  });

  it('with unknown metadata is refused, its own and that of an object inside', async () => {
    const schema = specOf(keepsUnknown, { template });
    const own = await applied(schema, { metadata: 'unknownMeta: unknown' });
    expect(own.status).toBe(400);
    expect(own.text).toContain('.metadata.unknownMeta: field not declared in schema');
    const inside = await applied(schema, {
      spec: [
        'template:',
        '  apiVersion: foo/v1',
        '  kind: Sub',
        '  metadata:',
        '    unknownSubMeta: unknown',
        '    name: subobject',
      ],
    });
    expect(inside.status).toBe(400);
    expect(inside.text).toContain('.spec.template.metadata.unknownSubMeta: field not declared in schema');
    const { apiVersion, kind, collection } = await defineCustomResource(plane.client, { schema });
    const object = {
      apiVersion,
      kind,
      metadata: { name: 'x' },
      spec: { template: { apiVersion: 'foo/v1', kind: 'Sub', metadata: { name: 'sub', unknownSubMeta: 'unknown' } } },
    };
    const created = await plane.client.attempt('POST', `${collection()}?${strictly}`, object);
    expect([created.status, created.body.message]).toEqual([
      400,
      expect.stringContaining('strict decoding error: unknown field "spec.template.metadata.unknownSubMeta"'),
    ]);
    expect((await plane.client.create(collection(), object)).spec.template.metadata).toEqual({ name: 'sub' });
  });

  it('with a field twice is refused, by the line, also where anything may be', async () => {
    const { status, body } = await applied(specOf(keepsUnknown), { spec: ['unknown: uk1', 'foo: foo2'] });
    expect([status, body.reason]).toEqual([400, 'BadRequest']);
    expect(body.message).toContain('line 10: key "foo" already set in map');
  });
});
