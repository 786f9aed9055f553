import { describe, expect, it } from 'vitest';
import type { Secret } from '../../meta/types.ts';
import { credentialsFor } from './registry-credentials.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const pullSecret = (auths: object): Secret => ({
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': base64(JSON.stringify({ auths })) },
});
const user = (username: string) => ({ username, password: 'p' });
const users = (image: string, ...secrets: (Secret | undefined)[]) =>
  credentialsFor(image, secrets).map(({ username }) => username);

describe('credentialsFor', () => {
  const plant = pullSecret({ 'localhost:5000': { auth: base64('user:pass:word') } });
  const hub = pullSecret({ 'https://index.docker.io/v1/': user('u') });

  it('takes the entry of the image’s registry', () => {
    expect(credentialsFor('localhost:5000/a:1', [undefined, hub, plant])).toEqual([
      { username: 'user', password: 'pass:word', server: 'localhost:5000' },
    ]);
    expect(credentialsFor('busybox', [plant, hub])).toEqual([{ username: 'u', password: 'p', server: 'docker.io' }]);
  });

  it('gives nobody’s credentials to another registry', () => {
    expect(users('ghcr.io/a/b', plant, hub)).toEqual([]);
    expect(users('localhost:5000.evil.example/a', plant)).toEqual([]);
    expect(users('localhost:5001/a', plant)).toEqual([]);
    expect(users('localhost/a', plant)).toEqual([]);
  });

  it.each([
    ['*.plant.example', 'a.plant.example/x', true],
    ['*.plant.example', 'plant.example/x', false],
    ['*.plant.example', 'a.b.plant.example/x', false],
    ['r*1?.plant.example', 'reg-12.plant.example/x', true],
    ['r*1?.plant.example', 'reg-321.plant.example/x', false],
    ['*.plant.example:5000', 'a.plant.example/x', false],
    ['plant.example/team', 'plant.example/team/x:1', true],
    ['plant.example/team', 'plant.example/other/x:1', false],
    ['https://plant.example/v2/', 'plant.example/x', true],
    ['http://plant.example', 'plant.example/x@sha256:00', true],
    ['docker.io/library', 'busybox', true],
  ])('the entry %s is for %s: %s', (key, image, fits) =>
    expect(users(image, pullSecret({ [key]: user('u') }))).toEqual(fits ? ['u'] : []),
  );

  it('has all that fit, the most particular first', () =>
    expect(
      users(
        'plant.example/team/x',
        pullSecret({ '*.example': user('any'), 'plant.example': user('host'), 'plant.example/team': user('team') }),
        pullSecret({ 'plant.example': user('second') }),
      ),
    ).toEqual(['team', 'host', 'second', 'any']));

  it('reads the old form', () =>
    expect(
      users('busybox', {
        type: 'kubernetes.io/dockercfg',
        data: { '.dockercfg': base64(JSON.stringify({ 'docker.io': user('old') })) },
      }),
    ).toEqual(['old']));

  it('passes over what cannot be read or is of another type', () => {
    const type = 'kubernetes.io/dockerconfigjson';
    const data = { '.dockerconfigjson': base64('{') };
    const nothing = { '.dockerconfigjson': base64('null') };
    expect(users('busybox', { type, data }, { type, data: nothing }, pullSecret({ 'docker.io': null }))).toEqual([]);
    expect(users('busybox', { ...hub, type: 'Opaque' })).toEqual([]);
  });
});
