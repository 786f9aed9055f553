import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApiTestBed, type ApiTestBed } from './api-test-bed.ts';

let bed: ApiTestBed;
/** Ends what waits for admission. */
let admit: () => void = () => undefined;
beforeAll(async () => {
  const waits = (plural: string) =>
    new Promise<void>((resolve) => (plural === 'configmaps' ? (admit = resolve) : resolve()));
  bed = await openApiTestBed({
    admission: [{ name: 'waits', validate: ({ definition }) => waits(definition.plural) }],
  });
});
afterAll(() => bed.close());

const configMaps = '/api/v1/namespaces/default/configmaps';

// test/e2e/apimachinery/request_timeout.go
test.each(['/version', configMaps])('%s with a timeout that is none', async (path) => {
  const { status, body } = await bed.send('GET', `${path}?timeout=invalid`);
  expect([status, body.reason, body.message]).toEqual([
    400,
    'BadRequest',
    'invalid timeout specified in the request URL - time: invalid duration "invalid"',
  ]);
});

test.each(['3m', '0s', '-1s', '30s', ''])('a timeout of "%s" leaves time enough', async (timeout) => {
  expect((await bed.send('GET', `/version?timeout=${timeout}`)).status).toBe(200);
  expect((await bed.send('GET', `${configMaps}?timeout=${timeout}`)).status).toBe(200);
});

test('what takes longer than its client waits ends with 504', async () => {
  const headers = { 'content-type': 'application/json' };
  const object = { metadata: { name: 'late' } };
  const { status, body } = await bed.send('POST', `${configMaps}?timeout=10ms`, { body: object, headers });
  expect([status, body.reason, body.message]).toEqual([
    504,
    'Timeout',
    'Timeout: request did not complete within requested timeout - context deadline exceeded',
  ]);
  admit();
  await expect.poll(async () => (await bed.send('GET', `${configMaps}/late`)).status).toBe(200);
});

test('a watch lasts as long as its client likes', async () => {
  const { status } = await bed.send('GET', `${configMaps}?watch=true&timeout=invalid&timeoutSeconds=1`);
  expect(status).toBe(200);
});
