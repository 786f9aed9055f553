import { describe, expect, test } from 'vitest';
import type { LibpodContainer } from './libpod-answers.ts';
import { observedConfig } from './observed-config.ts';

const inspected = (more: Partial<LibpodContainer>) =>
  ({ Path: '', Args: null, Mounts: null, Config: {}, HostConfig: {}, ...more }) as LibpodContainer;

describe('observedConfig', () => {
  test.each([
    ['sleep', ['600'], 'sleep', ['sleep'], ['600']],
    ['sh', ['-c', 'a b', 'x y'], 'sh -c a b', ['sh', '-c', 'a b'], ['x y']],
    ['sh', ['-c', 'a'], ['sh', '-c'], ['sh', '-c'], ['a']],
    ['echo', ['hi'], '', [], ['echo', 'hi']],
    ['echo', ['hi'], null, [], ['echo', 'hi']],
  ])('%s %o with entrypoint %o', (Path, Args, Entrypoint, command, args) => {
    const config = { Entrypoint } as LibpodContainer['Config'];
    expect(observedConfig(inspected({ Path, Args, Config: config }))).toMatchObject({ command, args });
  });

  test('ports, mounts and limits in the words of the port', () => {
    const found = observedConfig(
      inspected({
        Mounts: [
          { Type: 'bind', Source: '/a', Destination: '/b', RW: false, Propagation: 'rslave' },
          { Type: 'volume', Name: 'v', Source: '/var/v', Destination: '/c', RW: true },
        ],
        HostConfig: {
          Tmpfs: { '/t': 'mode=1777,size=1048576,rw' },
          PortBindings: { '53/udp': [{ HostIp: '127.0.0.1', HostPort: '5353' }], '80/tcp': null },
          Memory: 1024,
          NanoCpus: 250_000_000,
          RestartPolicy: { Name: 'unless-stopped' },
        },
      }),
    );
    expect(found).toMatchObject({
      mounts: [
        { kind: 'bind', source: '/a', target: '/b', readOnly: true, propagation: 'rslave' },
        { kind: 'volume', volume: 'v', target: '/c', readOnly: false },
        { kind: 'tmpfs', target: '/t', sizeBytes: 1_048_576 },
      ],
      ports: [{ containerPort: 53, hostPort: 5353, hostIp: '127.0.0.1', protocol: 'udp' }],
      resources: { memoryBytes: 1024, cpuMillis: 250 },
      restart: 'always',
    });
  });
});
