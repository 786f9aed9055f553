import { expect, test } from 'vitest';
import type { Secret } from '../../meta/types.ts';
import { namespaces } from '../../resources/namespace.ts';
import { secrets } from '../../resources/secret.ts';
import { serviceAccounts } from '../../resources/service-account.ts';
import { quiet, testCluster } from '../test-cluster.ts';
import { startTokenSecretController } from './token-secret-controller.ts';

const key = { namespace: 'plant', name: 'bot-token' };
const account = { namespace: 'plant', name: 'bot' };
const tokenSecret = (name: string, more: Record<string, string> = {}): Secret => ({
  metadata: { ...key, annotations: { 'kubernetes.io/service-account.name': name, ...more } },
  type: 'kubernetes.io/service-account-token',
});

async function cluster() {
  const made = await testCluster();
  await made.registry.create(namespaces, { metadata: { name: 'plant' } });
  const issued: unknown[] = [];
  const issueToken = (...from: unknown[]) => `token-${issued.push(from)}`;
  void startTokenSecretController({ ...made, authority: 'the authority', issueToken });
  return { ...made, issued };
}
const texts = ({ data = {} }: Secret) =>
  Object.fromEntries(Object.entries(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]));

test('a secret for an account gets its token, the authority and the namespace, once', async () => {
  const made = await cluster();
  const { registry, issued } = made;
  const { metadata } = await registry.create(serviceAccounts, { metadata: account });
  await registry.create(secrets, { ...tokenSecret('bot'), data: { own: 'AA==' } });
  await quiet(made);
  const filled = registry.get(secrets, key);
  expect(texts(filled)).toEqual({ own: '\0', token: 'token-1', 'ca.crt': 'the authority', namespace: 'plant' });
  expect(filled.metadata?.annotations).toEqual({
    'kubernetes.io/service-account.name': 'bot',
    'kubernetes.io/service-account.uid': metadata?.uid,
  });
  expect(issued).toEqual([[key, { name: 'bot', uid: metadata?.uid }]]);

  await registry.update(secrets, key, (secret) => ({ ...secret, data: { ...secret.data, 'ca.crt': 'AA==' } }));
  await quiet(made);
  expect(texts(registry.get(secrets, key))).toMatchObject({ token: 'token-1', 'ca.crt': 'the authority' });
});

test('it goes with its account', async () => {
  const made = await cluster();
  const { registry } = made;
  await registry.create(serviceAccounts, { metadata: account });
  await registry.create(secrets, tokenSecret('bot'));
  await registry.create(secrets, { metadata: { ...key, name: 'other' } });
  await quiet(made);
  await registry.delete(serviceAccounts, account);
  await quiet(made);
  expect(registry.all(secrets).map(({ metadata }) => metadata?.name)).toEqual(['other']);
});

test('one for an account that is not there, or is another, goes at once', async () => {
  const made = await cluster();
  const { registry } = made;
  await registry.create(serviceAccounts, { metadata: account });
  for (const secret of [tokenSecret('nobody'), tokenSecret('bot', { 'kubernetes.io/service-account.uid': 'older' })]) {
    await registry.create(secrets, secret);
    await quiet(made);
    expect(registry.find(secrets, key)).toBeUndefined();
  }
});

test('one for the default account waits for it', async () => {
  const made = await cluster();
  const { registry } = made;
  await registry.create(secrets, tokenSecret('default'));
  await quiet(made);
  expect(registry.get(secrets, key).data).toBeUndefined();
  await registry.create(serviceAccounts, { metadata: { ...account, name: 'default' } });
  await quiet(made);
  expect(texts(registry.get(secrets, key))).toMatchObject({ token: 'token-1' });
});
