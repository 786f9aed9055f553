import { describe, expect, test } from 'vitest';
import { libpodError, pullError, unavailable } from './libpod-error.ts';

/** Answers of Podman 4.3.1, but for their ids. */
const refusals = [
  [
    500,
    'that name is already in use',
    'creating container storage: the container name "a" is already in use',
    'AlreadyExists',
  ],
  [500, 'image not known', 'docker.io/library/nope:1: image not known', 'NotFound'],
  [500, 'volume already exists', 'volume with name v already exists: volume already exists', 'AlreadyExists'],
  [
    500,
    'volume is being used',
    'volume v is being used by the following container(s): 1: volume is being used',
    'Conflict',
  ],
  [500, 'network is being used', '"n" has associated containers with it: network is being used', 'Conflict'],
  [500, 'container state improper', 'can only kill running containers: container state improper', 'Conflict'],
  [500, 'subnet 10.99.1.0/24 is already used on the host or by another config', 'subnet 10.99.1.0/24 …', 'Conflict'],
  [500, 'bridge name br0 already in use', 'bridge name br0 already in use', 'Conflict'],
  [
    500,
    'IPAM error: requested ip address 10.99.0.7 is already allocated to container ID 2',
    'IPAM error: …',
    'AddressInUse',
  ],
  [500, 'invalid argument', 'names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument', 'InvalidArgument'],
  [404, 'invalid reference format', 'failed to find image ../x: invalid reference format', 'InvalidArgument'],
  [404, 'no such pod', 'no pod with name or ID x found: no such pod', 'NotFound'],
  [409, 'pod already exists', 'name "p" is in use: pod already exists', 'AlreadyExists'],
  [500, 'something new', 'something new', 'Internal'],
] as const;

describe('libpodError', () => {
  test.each(refusals)('%i "%s"', (status, cause, message, code) => {
    expect(libpodError(status, JSON.stringify({ cause, message, response: status }))).toMatchObject({ code, message });
  });

  test('decides by the cause, which no name from outside is part of', () => {
    const body = { cause: 'internal', message: 'no container "image not known"', response: 500 };
    expect(libpodError(500, JSON.stringify(body)).code).toBe('Internal');
  });

  test('a pod tells what its containers failed with', () => {
    const failure =
      'starting container 1: IPAM error: requested ip address 10.99.0.7 is already allocated to container ID 2';
    expect(libpodError(409, JSON.stringify({ Errs: [failure], Id: '3' }))).toMatchObject({
      code: 'AddressInUse',
      message: failure,
    });
    expect(libpodError(409, JSON.stringify({ Errs: ['starting container 1: no space left'], Id: '3' })).code).toBe(
      'Internal',
    );
  });

  test('takes what is no JSON as it is, up to a length', () => {
    expect(libpodError(404, 'Not Found\n')).toMatchObject({ code: 'NotFound', message: 'Not Found' });
    expect(libpodError(500, 'x'.repeat(10_000)).message.length).toBe(2000);
    expect(libpodError(500, '').message).toBe('Podman answered 500');
  });
});

describe('pullError', () => {
  test.each([
    ['initializing source docker://x:1: reading manifest 1 in x: manifest unknown', 'NotFound'],
    [
      'initializing source docker://x:1: reading manifest 1 in x: unauthorized: authentication required',
      'Unauthorized',
    ],
    ['initializing source docker://x:1: unable to retrieve auth token: invalid username/password', 'Unauthorized'],
    [
      'pinging container registry x: Get "https://x/v2/": dial tcp: lookup x on 10.1.1.1:53: no such host',
      'Unavailable',
    ],
    [
      'pinging container registry x: Get "https://x/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
      'Unavailable',
    ],
    ['invalid reference format', 'InvalidArgument'],
    ['writing blob: no space left on device', 'Internal'],
  ])('%s', (text, code) => {
    expect(pullError(text).code).toBe(code);
  });
});

test('unavailable keeps the reason and nothing of the request', () => {
  const cause = Object.assign(new Error('secret'), { code: 'ECONNREFUSED', config: { headers: { auth: 'secret' } } });
  const error = unavailable(cause);
  expect(error).toMatchObject({ code: 'Unavailable', message: 'Podman does not answer: ECONNREFUSED' });
  expect(error.cause).toBeUndefined();
});
