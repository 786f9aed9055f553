import { describe, expect, it } from 'vitest';
import type { Secret } from '../../meta/types.ts';
import { credentialsFor, registryOf } from './registry-credentials.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const pullSecret = (auths: object): Secret => ({
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': base64(JSON.stringify({ auths })) },
});

describe('registryOf', () => {
  it.each([
    ['busybox', 'docker.io'],
    ['library/busybox:1', 'docker.io'],
    ['localhost/x', 'localhost'],
    ['localhost:5000/a/b:1', 'localhost:5000'],
    ['ghcr.io/a/b@sha256:0', 'ghcr.io'],
  ])('%s is at %s', (image, registry) => expect(registryOf(image)).toBe(registry));
});

describe('credentialsFor', () => {
  const plant = pullSecret({ 'localhost:5000': { auth: base64('user:pass:word') } });
  const hub = pullSecret({ 'https://index.docker.io/v1/': { username: 'u', password: 'p' } });

  it('takes the entry of the image’s registry', () => {
    expect(credentialsFor('localhost:5000/a:1', [undefined, hub, plant])).toEqual({
      username: 'user',
      password: 'pass:word',
      server: 'localhost:5000',
    });
    expect(credentialsFor('busybox', [plant, hub])).toEqual({ username: 'u', password: 'p', server: 'docker.io' });
  });

  it('gives nobody’s credentials to another registry', () => {
    expect(credentialsFor('ghcr.io/a/b', [plant, hub])).toBeUndefined();
    expect(credentialsFor('localhost:5000.evil.example/a', [plant])).toBeUndefined();
  });

  it('passes over what cannot be read', () => {
    expect(
      credentialsFor('busybox', [
        { data: { '.dockerconfigjson': base64('{') } },
        { data: { '.dockerconfigjson': base64('null') } },
      ]),
    ).toBeUndefined();
  });
});
