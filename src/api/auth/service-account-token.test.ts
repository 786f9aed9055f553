import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { JsonWebTokens } from './json-web-token.ts';
import { ServiceAccountTokens, type BoundTokenRequest } from './service-account-token.ts';
import { ISSUER } from './token-claims.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keys = new JsonWebTokens(privateKey);

let now = new Date('2026-11-22T10:00:00Z');
const gone = new Set<string>();
const held = new Map<string, string>();
const tokens = new ServiceAccountTokens(
  keys,
  {
    serviceAccountExists: ({ namespace, name }, uid) => !gone.has(`sa/${namespace}/${name}/${uid}`),
    podExists: ({ namespace, name }, uid) => !gone.has(`pod/${namespace}/${name}/${uid}`),
    secretExists: ({ namespace, name }, uid) => !gone.has(`secret/${namespace}/${name}/${uid}`),
    secretToken: ({ namespace, name }) => held.get(`${namespace}/${name}`),
  },
  { now: () => now },
);
const request: BoundTokenRequest = {
  namespace: 'plant',
  serviceAccount: { name: 'reader', uid: 'sa-1' },
  pod: { name: 'web', uid: 'pod-1' },
  expirationSeconds: 600,
};

const later = (seconds: number, check: () => void) => {
  const before = now;
  now = new Date(before.getTime() + seconds * 1000);
  check();
  now = before;
};
const payloadOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object;

test('a token speaks for its service account until it ends', () => {
  const { token, expirationTimestamp } = tokens.issue(request);
  expect(expirationTimestamp).toBe('2026-11-22T10:10:00Z');
  expect(tokens.verify(token)).toEqual({
    user: {
      name: 'system:serviceaccount:plant:reader',
      uid: 'sa-1',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:plant', 'system:authenticated'],
      extra: {
        'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=.{36}$/)],
        'authentication.kubernetes.io/pod-name': ['web'],
        'authentication.kubernetes.io/pod-uid': ['pod-1'],
      },
    },
    audiences: [ISSUER],
  });
  later(599, () => expect(tokens.verify(token)).toBeDefined());
  later(600, () => expect(tokens.verify(token)).toBeUndefined());
  later(-20 * 365 * 86400, () => expect(tokens.verify(token), 'a clock that lost the date').toBeDefined());
});

test('it dies with its pod, its secret and its account, also when others come under the same name', () => {
  const { token } = tokens.issue({ ...request, secret: { name: 'key', uid: 'secret-1' } });
  for (const object of ['pod/plant/web/pod-1', 'secret/plant/key/secret-1', 'sa/plant/reader/sa-1']) {
    gone.add(object);
    expect(tokens.verify(token), object).toBeUndefined();
    gone.delete(object);
  }
  expect(tokens.verify(token)).toBeDefined();
});

test('it is for its audience only', () => {
  const { token } = tokens.issue({ ...request, audiences: ['vault', 'mqtt'] });
  expect(tokens.verify(token)).toBeUndefined();
  expect(tokens.verify(token, ['opcua', 'mqtt'])?.audiences).toEqual(['mqtt']);
});

test('a token in a secret is good as long as the secret holds it', () => {
  const secret = { namespace: 'plant', name: 'reader-token' };
  const token = tokens.issueForSecret(secret, request.serviceAccount);
  expect(tokens.verify(token)).toBeUndefined();
  held.set('plant/reader-token', token);
  expect(tokens.verify(token)).toEqual({
    user: {
      name: 'system:serviceaccount:plant:reader',
      uid: 'sa-1',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:plant', 'system:authenticated'],
    },
    audiences: [ISSUER],
  });
  expect(tokens.verify(token, ['vault'])).toBeUndefined();
  gone.add('sa/plant/reader/sa-1');
  expect(tokens.verify(token)).toBeUndefined();
  gone.clear();
  held.set('plant/reader-token', 'another');
  expect(tokens.verify(token)).toBeUndefined();
});

test('others can check the signature with the key set', () => {
  const [header = '', payload = '', signature = ''] = tokens.issue(request).token.split('.');
  const [key] = tokens.keySet.keys;
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'ES256', kid: key['kid'] });
  const publicKey = createPublicKey({ key, format: 'jwk' });
  const signed = Buffer.from(`${header}.${payload}`);
  const check = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  expect(verify('sha256', signed, check, Buffer.from(signature, 'base64url'))).toBe(true);
});

test("a pod's default token lives a year and asks to be read again each hour", () => {
  const { token, expirationTimestamp } = tokens.issue({ ...request, expirationSeconds: 3607 });
  const issued = now.getTime() / 1000;
  expect(expirationTimestamp).toBe('2026-11-22T11:00:07Z');
  expect(payloadOf(token)).toMatchObject({
    iss: ISSUER,
    aud: [ISSUER],
    sub: 'system:serviceaccount:plant:reader',
    iat: issued,
    nbf: issued,
    exp: issued + 365 * 86400,
    'kubernetes.io': {
      namespace: 'plant',
      pod: { name: 'web', uid: 'pod-1' },
      serviceaccount: { name: 'reader', uid: 'sa-1' },
      warnafter: issued + 3607,
    },
  });
});

test('nothing else passes: other keys, other algorithms, changed claims, noise', () => {
  const { token } = tokens.issue(request);
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const foreign = new JsonWebTokens(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  const admin = Buffer.from(JSON.stringify({ ...payloadOf(token), sub: 'admin' })).toString('base64url');
  const der = sign('sha256', Buffer.from(`${header}.${payload}`), privateKey).toString('base64url');
  const bad = [
    foreign.sign(payloadOf(token) as Record<string, unknown>),
    `${none}.${payload}.`,
    `${none}.${payload}.${signature}`,
    `${header}.${admin}.${signature}`,
    `${header}.${payload}.${der}`,
    `${header}.${payload}`,
    `${token}.x`,
    `${header}.${payload}.`,
    '',
    '..',
    'x'.repeat(20_000),
  ];
  for (const text of bad) expect(tokens.verify(text), text.slice(0, 80)).toBeUndefined();
  expect(tokens.verify(keys.sign({ iss: ISSUER, sub: 'system:serviceaccount:a:b', aud: [ISSUER], exp: 9e9 }))).toBe(
    undefined,
  );
});
