import { generateKeyPairSync } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminCredentials, adminCredentials } from '../../scripts/deploy/admin-credentials.ts';
import { JsonWebTokens } from '../../src/api/auth/json-web-token.ts';
import { pkiFiles } from '../../src/api/auth/pki-files.ts';
import { type ApiRequest, apiRequest } from '../clients/api-request.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { OutsideMachine } from '../conformance/dataplane/outside-machine.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import { foreignCertificate } from './foreign-certificate.ts';
import { busybox, containerIds, pod, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount/token';

const PATHS = [
  '/',
  '/api',
  '/apis',
  '/apis/apps/v1',
  '/version',
  '/healthz',
  '/livez',
  '/readyz',
  '/openapi/v2',
  '/openapi/v3',
  '/metrics',
  '/api/v1/nodes',
  '/api/v1/namespaces/default/pods?watch=true',
  '/api/v1/namespaces/default/pods/any/log?follow=true',
  '/api/v1/namespaces/default/pods/any/exec?command=sh',
  '/apis/apps/v1/namespaces/default/deployments/any/scale',
  '/nothing/of/this/kind',
  '/%2e%2e/etc/passwd',
];

/** With the administrator's names. */
const foreignAdministrator = () =>
  foreignCertificate({
    subject: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
    usage: 'client',
  });

const bearer = (token: string): ApiRequest => ({ headers: { authorization: `Bearer ${token}` } });
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Says something to the port without TLS; resolves when the other end has had enough of it. */
function sendPlain(port: number, words: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 20_000 }, () => socket.write(words));
    socket.on('timeout', () => socket.destroy()).on('error', () => undefined);
    socket.on('data', () => undefined).on('close', () => resolve());
  });
}

describe.each(engines)('access on $kind', (engine) => {
  const k2d = useK2d(engine, 'access');
  const ask = (path: string, request?: ApiRequest) => apiRequest(k2d.url, path, request);
  const reasonOf = (text: string) => (JSON.parse(text) as { kind: string; reason: string }).reason;
  let kubectl: Kubectl;
  let admin: AdminCredentials;
  let podToken: string;

  beforeAll(async () => {
    admin = await adminCredentials(k2d.config.kubeconfigPath);
    kubectl = await k2d.namespace('plant');
    await kubectl.apply(pod('ordinary', { containers: [busybox(STAY)] }));
    await kubectl.run('wait --for=condition=Ready pod/ordinary --timeout=100s');
    const { main } = await containerIds(kubectl, 'ordinary');
    podToken = await engineCli(engine, 'exec', main!, 'cat', TOKEN_PATH);
  });

  describe('without a valid certificate or token every path answers 401', () => {
    const strangers: [string, () => Promise<ApiRequest> | ApiRequest][] = [
      ['nothing', () => ({})],
      ['a wrong token', () => bearer('wrong')],
      ['an empty token', () => bearer('')],
      ['a password', () => ({ headers: { authorization: `Basic ${btoa('admin:admin')}` } })],
      ['a token without a signature', () => bearer(`${encode({ alg: 'none' })}.${podToken.split('.')[1]}.`)],
      [
        'a token that another key signed',
        () => {
          const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
          const claims = JSON.parse(atob(podToken.split('.')[1]!)) as Record<string, unknown>;
          return bearer(new JsonWebTokens(privateKey).sign(claims));
        },
      ],
      ['a foreign certificate', foreignAdministrator],
      [
        "the server's own certificate",
        async () => {
          const file = await readFile(pkiFiles(k2d.config.dataPath).server, 'utf8');
          return { cert: file, key: file };
        },
      ],
      [
        'headers of a proxy',
        () => ({ headers: { 'x-remote-user': 'kubernetes-admin', 'x-remote-group': 'system:masters' } }),
      ],
    ];

    it.each(strangers)('%s', async (_, credentials) => {
      const request = await credentials();
      for (const path of PATHS) {
        for (const method of ['GET', 'POST', 'DELETE']) {
          const { status, text } = await ask(path, { ...request, method });
          expect({ path, method, status, reason: reasonOf(text) }).toEqual({
            path,
            method,
            status: 401,
            reason: 'Unauthorized',
          });
        }
      }
    });
  });

  it('the kubeconfig is for its owner only', async () => {
    expect((await stat(k2d.config.kubeconfigPath)).mode & 0o777).toBe(0o600);
  });

  describe('an address that the host gets later', () => {
    const outside = new OutsideMachine(`it-a-${engine.kind}`, engine.kind === 'docker' ? '10.192.4' : '10.192.5');
    beforeAll(async () => {
      await outside.close();
      await outside.open();
    });
    afterAll(() => outside.close());

    it('is one that the kubeconfig can be used with, from another machine', async () => {
      const server = ['--server', `https://${outside.hostAddress}:${k2d.config.port}`];
      expect(await kubectl.from(outside.place).run(['get', 'nodes', ...server])).toContain('Ready');
    });
  });

  describe("a pod's token", () => {
    it('is no more after its pod', async () => {
      await kubectl.apply(pod('short', { containers: [busybox(STAY)] }));
      await kubectl.run('wait --for=condition=Ready pod/short --timeout=100s');
      const { main } = await containerIds(kubectl, 'short');
      const token = await engineCli(engine, 'exec', main!, 'cat', TOKEN_PATH);
      expect((await ask('/version', bearer(token))).status).toBe(200);
      await kubectl.run('delete pod short');
      expect((await ask('/version', bearer(token))).status).toBe(401);
    });
  });

  describe('bad input gets the Kubernetes error, and k2d runs on', () => {
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'bad' } };
    const MAPS = '/api/v1/namespaces/plant/configmaps';
    const json = { 'content-type': 'application/json' };
    const post = (body: unknown, path = MAPS, headers: Record<string, string> = json): [string, ApiRequest] => [
      path,
      { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) },
    ];
    const cases: [string, [string, ApiRequest], number, string | RegExp][] = [
      ['JSON that ends early', post('{"kind": "ConfigMap", '), 400, 'BadRequest'],
      ['no JSON', post('\u0000\u0001'), 400, 'BadRequest'],
      ['nothing', post(''), 400, 'BadRequest'],
      ['null', post('null'), 400, 'BadRequest'],
      ['a list', post('[]'), 400, 'BadRequest'],
      ['100 000 brackets', post('['.repeat(100_000)), 400, 'BadRequest'],
      ['100 000 objects in each other', post(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`), 400, 'BadRequest'],
      ['another kind', post({ ...configMap, kind: 'Secret' }), 400, 'BadRequest'],
      ['another namespace', post({ ...configMap, metadata: { name: 'bad', namespace: 'default' } }), 400, 'BadRequest'],
      ['a wrong type', post({ ...configMap, data: ['a'] }), 400, 'BadRequest'],
      ['10 MB', post({ ...configMap, data: { a: 'x'.repeat(10 << 20) } }), 413, 'RequestEntityTooLarge'],
      ['a name that leads elsewhere', post({ ...configMap, metadata: { name: '../../etc' } }), 422, 'Invalid'],
      [
        'a name like a property of every object',
        post({ ...configMap, metadata: { name: '__proto__' } }),
        422,
        'Invalid',
      ],
      [
        'an unknown field, strictly',
        post({ ...configMap, dato: {} }, `${MAPS}?fieldValidation=Strict`),
        400,
        'BadRequest',
      ],
      [
        'a field twice, strictly',
        post(
          '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"bad"},"data":{},"data":{}}',
          `${MAPS}?fieldValidation=Strict`,
        ),
        400,
        'BadRequest',
      ],
      [
        'a media type that nobody knows',
        post('hello', MAPS, { 'content-type': 'text/html' }),
        415,
        'UnsupportedMediaType',
      ],
      ['a selector that is none', [`${MAPS}?labelSelector=a%20in%20(`, {}], 400, 'BadRequest'],
      [
        'a version to watch from that is none',
        [`${MAPS}?watch=true&resourceVersion=soon`, {}],
        400,
        /BadRequest|Invalid/,
      ],
      [
        'a namespace that leads elsewhere',
        post(configMap, '/api/v1/namespaces/..%2f..%2fetc/configmaps'),
        404,
        'NotFound',
      ],
      ['a path that decodes to nothing', ['/api/v1/namespaces/%ff/configmaps', {}], 400, 'BadRequest'],
      ['an answer that nobody can give', [MAPS, { headers: { accept: 'image/png' } }], 406, 'NotAcceptable'],
      [
        'a patch that is none',
        [
          `${MAPS}/kube-root-ca.crt`,
          { method: 'PATCH', headers: { 'content-type': 'application/json-patch+json' }, body: '[{"op":"fly"}]' },
        ],
        422,
        'Invalid',
      ],
    ];

    it.each(cases)('%s', async (_, [path, request], status, reason) => {
      const answer = await ask(path, { ...admin, ...request });
      expect({ status: answer.status, reason: reasonOf(answer.text) }).toEqual({
        status,
        reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
      });
    });

    it('an unknown field is warned of, or ignored, as the client wants', async () => {
      const [, request] = post({ ...configMap, dato: {} });
      const created = (mode: string) => ask(`${MAPS}?dryRun=All&fieldValidation=${mode}`, { ...admin, ...request });
      const warned = await created('Warn');
      expect(warned).toMatchObject({
        status: 201,
        headers: { warning: expect.stringContaining('unknown field') },
      });
      expect((await created('Ignore')).headers['warning']).toBeUndefined();
    });

    it.each([
      ['a client that speaks no TLS', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
      ['a client that says nothing of sense', '\u0016\u0003\u0001\u00ff\u00ff'.repeat(1000)],
    ])('%s', async (_, words) => {
      await sendPlain(k2d.config.port, words);
      expect((await ask('/readyz', admin)).status).toBe(200);
    });

    afterAll(async () => {
      expect(await k2d.restarts()).toBe(0);
      expect((await ask('/readyz', admin)).status).toBe(200);
    });
  });
});
