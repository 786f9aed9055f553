import { expect, test } from 'vitest';
import { openApiTestBed } from './api-test-bed.ts';

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };

test('the server that stops answers what is under way and waits for no kept connection', async () => {
  const [asked, allowed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const bed = await openApiTestBed({
    admission: [
      {
        name: 'waiting',
        validate: ({ key }) => {
          if (key.name !== 'a') return;
          asked.resolve();
          return allowed.promise;
        },
      },
    ],
  });
  const reply = bed.send('POST', '/api/v1/namespaces/default/configmaps', { body: configMap });
  await asked.promise;
  const closed = bed.close();
  allowed.resolve();
  expect(await reply).toMatchObject({ status: 201, body: { metadata: { name: 'a' } } });
  await closed;
});
