import { expect, it } from 'vitest';
import type { ConfigMap } from '../../meta/types.ts';
import { configMaps } from '../../resources/config-map.ts';
import { clientRequest } from '../client-request.ts';
import { validatingWebhooks } from './validating-webhooks.ts';
import { answeringWebhooks, hook, listerWith, patching, type Answers } from './webhook-fixture.ts';

const request = clientRequest<ConfigMap>(configMaps, { metadata: { name: 'x', namespace: 'plant' } });

const pluginOf = (answers: Answers) => {
  const webhooks = answeringWebhooks(answers);
  const plugin = validatingWebhooks({
    ...webhooks.options,
    versionsOf: (definition) => [definition],
    hasCaughtUp: () => true,
  });
  return { ...webhooks, validate: plugin.validate!.bind(plugin) };
};

it('all are asked, all may warn, and the first refusal in order counts', async () => {
  const { asked, validate } = pluginOf({
    a: () => ({ allowed: true, warnings: ['from a'] }),
    b: () => ({ status: { message: 'no', code: 403, reason: 'Forbidden' }, warnings: ['from b'] }),
    c: () => ({ status: { message: 'never' } }),
  });
  const heard: string[] = [];
  const warn = (text: string) => void heard.push(text);
  await expect(validate({ ...request, warn }, listerWith([], [hook('a'), hook('b'), hook('c')]))).rejects.toMatchObject(
    {
      status: { code: 403, reason: 'Forbidden', message: 'admission webhook "b.example.com" denied the request: no' },
    },
  );
  expect(asked.map(({ webhook }) => webhook).toSorted()).toEqual(['a', 'b', 'c']);
  expect(heard.toSorted()).toEqual(['from a', 'from b']);
});

it('one that cannot be asked counts as its failurePolicy says', async () => {
  const { validate } = pluginOf({ a: () => 'EOF', b: () => ({ allowed: true }) });
  const lenient = hook('a', { failurePolicy: 'Ignore' });
  await expect(validate(request, listerWith([], [lenient, hook('b')]))).resolves.toBeUndefined();
  await expect(validate(request, listerWith([], [hook('a'), hook('b')]))).rejects.toMatchObject({
    status: { code: 500, reason: 'InternalError' },
  });
});

it('one that would change the object is a failure', async () => {
  const { validate } = pluginOf({ a: () => patching({ op: 'add', path: '/data', value: {} }) });
  await expect(validate(request, listerWith([], [hook('a')]))).rejects.toThrow(
    'received invalid webhook response: validating webhook may not return response.patch',
  );
});

it('mutating webhooks are not asked', async () => {
  const { validate } = pluginOf({});
  await expect(validate(request, listerWith([hook('a')]))).resolves.toBeUndefined();
});
