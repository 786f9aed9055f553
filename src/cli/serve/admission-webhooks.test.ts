import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openApiTestBed, type ApiTestBed } from '../../api/api-test-bed.ts';
import { admissionChain } from '../../domain/admission/chain.ts';
import { mutatingWebhooks } from '../../domain/admission/webhooks/mutating-webhooks.ts';
import { validatingWebhooks } from '../../domain/admission/webhooks/validating-webhooks.ts';
import { silentLogger } from '../../domain/registry/registry-fixture.ts';
import { webhookClient } from '../../webhook/webhook-client.ts';
import { startWebhookServer, type ReviewRequest, type WebhookServer } from './webhook-server-fixture.ts';

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const patching = (...operations: object[]) => ({ allowed: true, patchType: 'JSONPatch', patch: base64(operations) });
const set = (key: string, value: string) => patching({ op: 'add', path: `/data/${key}`, value });

const answers = {
  '/allow': () => ({ allowed: true, warnings: ['look twice'] }),
  '/deny': () => ({
    allowed: false,
    status: { message: 'the configmap contains unwanted key and value', code: 403, reason: 'Forbidden' },
  }),
  '/add-a': () => set('a', '1'),
  '/count': ({ object }: ReviewRequest) => set('count', `${Number(object.data?.['count'] ?? 0) + 1}`),
  '/never': () => 'never' as const,
  '/broken': () => ({ status: 500, text: 'oh no' }),
  '/page': () => ({ status: 200, text: '<html>' }),
  '/endless': () => ({ allowed: true, warnings: ['x'.repeat(4 * 1024 * 1024)] }),
};

let bed: ApiTestBed;
let server: WebhookServer;
beforeEach(async () => {
  const options = {
    call: webhookClient({ random: Math.random }),
    logger: silentLogger,
    versionsOf: () => [],
    hasCaughtUp: () => true,
  };
  server = await startWebhookServer(answers);
  bed = await openApiTestBed({
    admission: [mutatingWebhooks({ ...options, earlier: admissionChain([]) }), validatingWebhooks(options)],
  });
});
afterEach(async () => {
  await bed.close();
  await server.close();
});

const group = '/apis/admissionregistration.k8s.io/v1';
const configMaps = '/api/v1/namespaces/default/configmaps';
const json = { 'content-type': 'application/json' };
const post = (path: string, body: object) => bed.send('POST', path, { headers: json, body });
const createConfigMap = (name: string, query = '') =>
  post(`${configMaps}${query}`, { metadata: { name }, data: { b: '2' } });

const webhook = (path: keyof typeof answers, more: object = {}) => ({
  name: `${path.slice(1)}.example.com`,
  clientConfig: { url: `https://127.0.0.1:${server.port}${path}`, caBundle: server.caBundle },
  rules: [
    { operations: ['CREATE', 'UPDATE', 'DELETE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] },
  ],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  ...more,
});

async function configure(kind: 'mutating' | 'validating', ...webhooks: object[]): Promise<void> {
  const { status, text } = await post(`${group}/${kind}webhookconfigurations`, { metadata: { name: kind }, webhooks });
  expect([status, text]).toEqual([201, text]);
}

describe('configurations', () => {
  it('are shown with the number of their webhooks', async () => {
    await configure('validating', webhook('/allow'), webhook('/deny'));
    const { body } = await bed.send('GET', `${group}/validatingwebhookconfigurations`, {
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    });
    expect(body.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual(['Name', 'Webhooks', 'Age']);
    expect(body.rows[0].cells.slice(0, 2)).toEqual(['validating', 2]);
  });

  it('count changes of their webhooks', async () => {
    await configure('mutating', webhook('/allow'));
    const path = `${group}/mutatingwebhookconfigurations/mutating`;
    const patch = (body: unknown, type: string) =>
      bed.send('PATCH', path, { body, headers: { 'content-type': `application/${type}` } });
    const labelled = await patch({ metadata: { labels: { a: 'b' } } }, 'merge-patch+json');
    expect(labelled.body.metadata.generation).toBe(1);
    const changed = await patch(
      { webhooks: [{ name: 'allow.example.com', timeoutSeconds: 3 }] },
      'strategic-merge-patch+json',
    );
    expect(changed.body).toMatchObject({
      metadata: { generation: 2 },
      webhooks: [{ timeoutSeconds: 3, failurePolicy: 'Fail' }],
    });
  });

  it('with expressions that mean nothing or side effects are refused', async () => {
    const conditions = [{ name: 'c', expression: 'objekt.x' }];
    const webhooks = [webhook('/allow', { sideEffects: 'Some', matchConditions: conditions })];
    const { status, body } = await post(`${group}/validatingwebhookconfigurations`, {
      metadata: { name: 'x' },
      webhooks,
    });
    expect([status, body.message]).toEqual([
      422,
      'ValidatingWebhookConfiguration.admissionregistration.k8s.io "x" is invalid: [webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun", webhooks[0].matchConditions[0].expression: Invalid value: "objekt.x": compilation failed: ERROR: <input>:1:1: undeclared reference to \'objekt\' (in container \'\')\n | objekt.x\n | ^]',
    ]);
  });

  it('can always be taken away', async () => {
    const all = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] }];
    await configure('validating', webhook('/deny', { rules: all }));
    expect((await createConfigMap('x')).status).toBe(403);
    expect((await bed.send('DELETE', `${group}/validatingwebhookconfigurations/validating`)).status).toBe(200);
    expect((await createConfigMap('x')).status).toBe(201);
  });
});

describe('a validating webhook', () => {
  it('refuses', async () => {
    await configure('validating', webhook('/deny'));
    const { status, body } = await createConfigMap('x');
    expect([status, body.reason, body.message]).toEqual([
      403,
      'Forbidden',
      'admission webhook "deny.example.com" denied the request: the configmap contains unwanted key and value',
    ]);
    expect((await bed.send('GET', `${configMaps}/x`)).status).toBe(404);
  });

  it('warns', async () => {
    await configure('validating', webhook('/allow'));
    const { status, headers } = await createConfigMap('x');
    expect([status, headers['warning']]).toEqual([201, '299 - "look twice"']);
  });

  it('keeps what was to be deleted', async () => {
    await createConfigMap('x');
    await configure('validating', webhook('/deny'));
    expect((await bed.send('DELETE', `${configMaps}/x`)).status).toBe(403);
    expect(server.asked[0]?.request).toMatchObject({
      operation: 'DELETE',
      object: null,
      oldObject: { data: { b: '2' } },
    });
    expect((await bed.send('GET', `${configMaps}/x`)).status).toBe(200);
  });
});

describe('a mutating webhook', () => {
  it('changes what is stored', async () => {
    await configure('mutating', webhook('/add-a'));
    const { body } = await createConfigMap('x');
    expect(body.data).toEqual({ a: '1', b: '2' });
    expect((await bed.send('GET', `${configMaps}/x`)).body.data).toEqual({ a: '1', b: '2' });
  });

  it('is asked again when a later one changes the object', async () => {
    await configure('mutating', webhook('/count', { reinvocationPolicy: 'IfNeeded' }), webhook('/add-a'));
    expect((await createConfigMap('x')).body.data).toEqual({ a: '1', b: '2', count: '2' });
    expect(server.asked.map(({ path }) => path)).toEqual(['/count', '/add-a', '/count']);
  });

  it('is asked for a dry run, which stores nothing', async () => {
    await configure('mutating', webhook('/add-a', { sideEffects: 'NoneOnDryRun' }));
    const { status, body } = await createConfigMap('x', '?dryRun=All');
    expect([status, body.data, server.asked[0]?.request['dryRun']]).toEqual([201, { a: '1', b: '2' }, true]);
    expect((await bed.send('GET', `${configMaps}/x`)).status).toBe(404);
  });

  it('cannot touch the spec by way of the status', async () => {
    const deployments = '/apis/apps/v1/namespaces/default/deployments';
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    await post(deployments, { metadata: { name: 'web' }, spec: { selector: { matchLabels: { a: 'b' } }, template } });
    const rules = [{ operations: ['UPDATE'], apiGroups: ['apps'], apiVersions: ['*'], resources: ['*/status'] }];
    const grow = patching({ op: 'replace', path: '/spec/replicas', value: 9 });
    const growing = await startWebhookServer({ '/allow': () => grow });
    const clientConfig = { url: `https://127.0.0.1:${growing.port}/allow`, caBundle: growing.caBundle };
    await configure('mutating', webhook('/allow', { rules, clientConfig }));
    const { status, body } = await bed.send('PATCH', `${deployments}/web/status`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { status: { replicas: 1 } },
    });
    await growing.close();
    expect([growing.asked.length, status, body.spec.replicas, body.status.replicas]).toEqual([1, 200, 1, 1]);
  });
});

describe('a webhook that does not answer as it should', () => {
  const failing = async (path: keyof typeof answers, more: object = {}) => {
    await configure('validating', webhook(path, more));
    const { status, body } = await createConfigMap('x');
    return [status, body.reason, body.message];
  };
  const failed = (path: string, why: string) => [
    500,
    'InternalError',
    `Internal error occurred: failed calling webhook "${path.slice(1)}.example.com": ${why}`,
  ];
  const postTo = (path: string, seconds = 10) => `Post "https://127.0.0.1:${server.port}${path}?timeout=${seconds}s"`;

  it('in time fails the request', async () =>
    expect(await failing('/never', { timeoutSeconds: 1 })).toEqual(
      failed('/never', `failed to call webhook: ${postTo('/never', 1)}: context deadline exceeded`),
    ));

  it('in time may be ignored', async () =>
    expect((await failing('/never', { timeoutSeconds: 1, failurePolicy: 'Ignore' }))[0]).toBe(201));

  it('but with an error fails the request', async () =>
    expect(await failing('/broken')).toEqual(
      failed(
        '/broken',
        'failed to call webhook: an error on the server ("oh no") has prevented the request from succeeding',
      ),
    ));

  it('but with a page fails the request', async () =>
    expect(await failing('/page')).toEqual(
      failed(
        '/page',
        "failed to call webhook: couldn't get version/kind; json parse error: invalid character '<' looking for beginning of value",
      ),
    ));

  it('but with more than is read fails the request', async () =>
    expect(await failing('/endless')).toEqual(
      failed('/endless', `failed to call webhook: ${postTo('/endless')}: the answer is larger than 3145728 bytes`),
    ));

  it('but is somebody else fails the request', async () => {
    const stranger = await startWebhookServer(answers);
    await stranger.close();
    const clientConfig = { url: `https://127.0.0.1:${server.port}/allow`, caBundle: stranger.caBundle };
    expect(await failing('/allow', { clientConfig })).toEqual(
      failed(
        '/allow',
        `failed to call webhook: ${postTo('/allow')}: tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      ),
    );
    expect(server.asked).toEqual([]);
  });

  it('because nobody is there fails the request', async () => {
    const stranger = await startWebhookServer(answers);
    await stranger.close();
    const url = `https://127.0.0.1:${stranger.port}/allow`;
    expect(await failing('/allow', { clientConfig: { url, caBundle: server.caBundle } })).toEqual(
      failed(
        '/allow',
        `failed to call webhook: Post "${url}?timeout=10s": dial tcp 127.0.0.1:${stranger.port}: connect: connection refused`,
      ),
    );
  });
});

describe('a webhook behind a Service', () => {
  const clientConfig = (name: string) => ({
    service: { namespace: 'default', name, port: server.port, path: '/deny' },
    caBundle: server.caBundle,
  });
  const serviceTo = (name: string) =>
    post('/api/v1/namespaces/default/services', {
      metadata: { name },
      spec: { type: 'ExternalName', externalName: '127.0.0.1' },
    });

  it('is found, and must have the name of the Service', async () => {
    await serviceTo('hook');
    await configure('validating', webhook('/deny', { clientConfig: clientConfig('hook') }));
    expect((await createConfigMap('x')).body.message).toMatch('denied the request');
  });

  it('under another name is not trusted', async () => {
    await serviceTo('other');
    await configure('validating', webhook('/deny', { clientConfig: clientConfig('other') }));
    expect((await createConfigMap('x')).body.message).toMatch(
      /Post "https:\/\/other\.default\.svc:\d+\/deny\?timeout=10s": tls: failed to verify certificate: x509: /,
    );
    expect(server.asked).toEqual([]);
  });

  it('that is not there fails the request', async () => {
    await configure('validating', webhook('/deny', { clientConfig: clientConfig('gone') }));
    expect((await createConfigMap('x')).body.message).toMatch(/: service "gone" not found$/);
  });
});
