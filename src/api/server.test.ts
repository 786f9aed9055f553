import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApiTestBed, type ApiTestBed } from './api-test-bed.ts';

let bed: ApiTestBed;
beforeAll(async () => {
  bed = await openApiTestBed({
    checks: {
      livez: [{ name: 'ping', check: () => undefined }],
      readyz: [
        { name: 'ping', check: () => undefined },
        { name: 'engine', check: () => 'does not answer' },
      ],
    },
  });
});
afterAll(() => bed.close());

const configMaps = '/api/v1/namespaces/default/configmaps';

test.each(['/', '/version', '/livez', '/api', '/openapi/v3', '/nowhere', '/api/v1/pods', '/%zz', configMaps])(
  'without a certificate %s is 401',
  async (path) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const { status, body } = await bed.send(method, path, { anonymous: true });
      expect([status, body]).toEqual([
        401,
        {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: 'Unauthorized',
          reason: 'Unauthorized',
          code: 401,
        },
      ]);
    }
  },
);

test('a path that nothing serves is what Go says', async () => {
  for (const path of ['/nowhere', '/api/v2', '/apis/none.io', '/apis/none.io/v1', '/apis/none.io/v1/things']) {
    const { status, text, headers } = await bed.send('GET', path);
    expect([path, status, text, headers['content-type']]).toEqual([
      path,
      404,
      '404 page not found\n',
      'text/plain; charset=utf-8',
    ]);
  }
});

test('an unknown resource of a known group version is a Status', async () => {
  for (const path of [
    '/api/v1/things',
    '/apis/apps/v1/namespaces/default/pods',
    '/api/v1/pods/x',
    '/api/v1/namespaces/default/nodes',
  ]) {
    const { status, body } = await bed.send('GET', path);
    expect([status, body.message, body.details]).toEqual([404, 'the server could not find the requested resource', {}]);
  }
});

test.each([
  ['POST', '/api/v1/pods'],
  ['DELETE', '/api/v1/configmaps'],
  ['POST', `${configMaps}/x`],
  ['PUT', configMaps],
  ['DELETE', '/api/v1/namespaces/default/pods/x/status'],
])('%s %s is not allowed', async (method, path) => {
  const { status, body } = await bed.send(method, path);
  expect([status, body.reason, body.message]).toEqual([
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
  ]);
});

test.each([3 * 1024 * 1024 + 1, 10_000_000])('a body of %i bytes is 413, and the server goes on', async (size) => {
  const { status, body } = await bed.send('POST', configMaps, { body: Buffer.alloc(size, 'x') });
  expect([status, body.reason, body.message]).toEqual([
    413,
    'RequestEntityTooLarge',
    'Request entity too large: limit is 3145728',
  ]);
  expect((await bed.send('GET', '/livez')).text).toBe('ok');
});

test('media types that are not served', async () => {
  const unknown = await bed.send('POST', configMaps, { body: 'x', headers: { 'content-type': 'text/html' } });
  expect([unknown.status, unknown.body.reason]).toEqual([415, 'UnsupportedMediaType']);
  expect(unknown.body.message).toMatch(
    /^the body of the request was in an unknown format - accepted media types include: application\/json/,
  );
  const garbage = await bed.send('POST', configMaps, { body: 'x', headers: { 'content-type': '///' } });
  expect(garbage.status).toBe(415);
  const html = await bed.send('GET', configMaps, { headers: { accept: 'text/html' } });
  expect([html.status, html.body.reason, html.body.message]).toEqual([
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
  ]);
});

test('an address that does not decode is a bad request', async () => {
  expect((await bed.send('GET', '/api/v1/nodes/%zz')).status).toBe(400);
});

test('health in words', async () => {
  expect((await bed.send('GET', '/livez')).text).toBe('ok');
  expect((await bed.send('GET', '/healthz?verbose')).text).toBe('[+]ping ok\nhealthz check passed\n');
  const readyz = await bed.send('GET', '/readyz');
  expect([readyz.status, readyz.text]).toEqual([
    500,
    '[+]ping ok\n[-]engine failed: does not answer\nreadyz check failed\n',
  ]);
  expect((await bed.send('GET', '/readyz?exclude=engine')).text).toBe('ok');
  expect((await bed.send('GET', '/readyz/engine')).status).toBe(500);
  expect((await bed.send('GET', '/readyz/none')).status).toBe(404);
});

test('the version is told', async () => {
  expect((await bed.send('GET', '/version')).body).toEqual({ major: '1', minor: '35', gitVersion: 'v1.35.0' });
});
