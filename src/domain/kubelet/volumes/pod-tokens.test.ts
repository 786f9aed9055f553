import { expect, it } from 'vitest';
import { PodTokens } from './pod-tokens.ts';

const pod = { metadata: { uid: 'u' } };
const request = { audience: 'plant', expirationSeconds: 600 };

it('renews a token when four fifths of its life are over, and not before', () => {
  let now = 0;
  let minted = 0;
  const mint = () => ({ token: `token ${++minted}`, expiresAt: new Date(now + 600_000) });
  const tokens = new PodTokens(mint, { now: () => new Date(now) });
  expect(tokens.get(pod, request)).toBe('token 1');
  expect(tokens.renewAt('u')).toBe(480_000);
  now = 479_999;
  expect(tokens.get(pod, request)).toBe('token 1');
  now = 480_000;
  expect(tokens.get(pod, request)).toBe('token 2');
  expect(tokens.renewAt('u')).toBe(960_000);
  tokens.forget('u');
  expect(tokens.renewAt('u')).toBeUndefined();
});
