import { expect } from 'vitest';
import { answerAt, freePort } from './published-port.ts';
import type { RuntimeBed } from './runtime-bed.ts';

/** What a container was asked to be, seen from inside. */
export function containerConfigCases(bed: RuntimeBed): void {
  const { test, runtime, spec, output, own, start, linesOf, address, labels, subnet } = bed;
  const security = { privileged: false, capAdd: [], capDrop: [], readOnlyRootfs: false, noNewPrivileges: false };

  test("command and arguments replace the image's own", async () => {
    expect(await output(spec('', { command: ['echo', 'a b'], args: ['c', '$HOME'] }))).toEqual(['a b c $HOME']);
  });

  test("a command without arguments drops the image's arguments", async () => {
    expect(await output(spec('', { command: ['echo'] }))).toEqual(['']);
  });

  test("arguments alone replace the image's arguments", async () => {
    const { command: _command, ...imageCommand } = spec('');
    expect(await output({ ...imageCommand, args: ['echo', 'from args'] })).toEqual(['from args']);
  });

  test('environment, working directory and user', async () => {
    const env = { PLAIN: 'x', ODD: ' "quoted" = $value ' };
    const script = 'echo "$PLAIN|$ODD|$(pwd)|$(id -u):$(id -g)|$(id -G)"';
    const written = await output(
      spec(script, { env, workingDir: '/tmp', user: '1234:5678', supplementalGroups: [4711] }),
    );
    expect(written).toEqual(['x| "quoted" = $value |/tmp|1234:5678|5678 4711']);
  });

  test('a working directory that the image lacks is made', async () => {
    expect(await output(spec('pwd', { workingDir: '/not/in/the/image' }))).toEqual(['/not/in/the/image']);
  });

  test('a bind mount shows the host, and is read-only where asked', async () => {
    const mounts = [{ kind: 'bind', source: '/etc', target: '/host', readOnly: true, propagation: 'private' } as const];
    expect(
      await output(spec('test -f /host/hostname && echo seen; touch /host/k2d || echo refused', { mounts })),
    ).toEqual(expect.arrayContaining(['seen', 'refused']));
  });

  test('a bind mount of a path that does not exist is refused', async () => {
    const mounts = [
      { kind: 'bind', source: '/no/such/path', target: '/x', readOnly: false, propagation: 'private' } as const,
    ];
    await expect(start(spec('true', { mounts }))).rejects.toMatchObject({ name: 'RuntimeError' });
  });

  test('a tmpfs mount is memory of the given size', async () => {
    const mounts = [{ kind: 'tmpfs', target: '/scratch', sizeBytes: 1024 * 1024 } as const];
    const script = 'grep -o "^tmpfs /scratch tmpfs" /proc/mounts; head -c 2000000 /dev/zero >/scratch/x || echo full';
    expect(await output(spec(script, { mounts }))).toEqual(expect.arrayContaining(['tmpfs /scratch tmpfs', 'full']));
  });

  test('a device of the host appears under its name', async () => {
    const devices = [{ hostPath: '/dev/null', containerPath: '/dev/ttyPlc', permissions: 'rw' }];
    expect(await output(spec('test -c /dev/ttyPlc && echo device', { devices }))).toEqual(['device']);
  });

  test('a read-only root, dropped capabilities and no new privileges', async () => {
    const script = 'touch /x 2>/dev/null || echo ro; grep -E "^(CapEff|NoNewPrivs)" /proc/self/status | tr "\\t" " "';
    const strict = { ...security, capDrop: ['ALL'], readOnlyRootfs: true, noNewPrivileges: true };
    expect(await output(spec(script, { security: strict }))).toEqual([
      'ro',
      'CapEff: 0000000000000000',
      'NoNewPrivs: 1',
    ]);
  });

  test('an added capability is effective for root', async () => {
    const written = await output(
      spec('grep CapEff /proc/self/status | tr "\\t" " "', {
        security: { ...security, capDrop: ['ALL'], capAdd: ['NET_ADMIN'] },
      }),
    );
    expect(written).toEqual(['CapEff: 0000000000001000']);
  });

  test('limits of memory and processor reach the control group', async () => {
    const id = await start(
      spec('sleep 60', { resources: { memoryBytes: 48 * 1024 * 1024, cpuMillis: 250, cpuShares: 256 } }),
    );
    expect((await bed.status(id)).config.resources).toMatchObject({
      memoryBytes: 48 * 1024 * 1024,
      cpuMillis: 250,
      cpuShares: 256,
    });
  });

  test('a published port answers on the host', async () => {
    const hostPort = await freePort();
    const ports = [{ containerPort: 8080, hostPort, hostIp: '127.0.0.1', protocol: 'tcp' } as const];
    const script = 'mkdir /www; echo published >/www/index.html; echo ready; exec httpd -f -p 8080 -h /www';
    const id = await start(spec(script, own({ network: address(30), ports })));
    await linesOf(id, 'ready');
    const answer = await bed.eventually('the published port answers', () => answerAt(`127.0.0.1:${hostPort}`));
    expect(answer).toBe('published\n');
  });

  test('host name, search domains and sysctls', async () => {
    const dns = {
      servers: ['10.43.0.10'],
      searches: ['default.svc.cluster.local', 'svc.cluster.local'],
      options: ['ndots:5'],
    };
    const sysctls = { 'net.ipv4.ip_unprivileged_port_start': '77' };
    const script = 'hostname; cat /etc/resolv.conf /proc/sys/net/ipv4/ip_unprivileged_port_start';
    const written = await output(spec(script, own({ hostname: 'web-0', network: address(31), dns, sysctls })));
    expect(written).toEqual(
      expect.arrayContaining(['web-0', '77', 'search default.svc.cluster.local svc.cluster.local']),
    );
    expect(written.join('\n')).toMatch(/^options .*ndots:5/m);
  });

  test('the network of the host', async () => {
    const id = await start(spec('sleep 60', own({ network: { mode: 'host' } })));
    expect(await bed.status(id)).toMatchObject({ hostNetwork: true, addresses: [] });
  });

  test('the process ids of the host', async () => {
    const written = await output(
      spec('test -d /proc/$(cat /host-pid) && echo host', {
        ...own({ hostPid: true }),
        command: ['sh', '-c', `test -d /proc/${process.pid} && echo host`],
      }),
    );
    expect(written).toEqual(['host']);
  });

  test('a static address is kept over stop and start', async () => {
    const id = await start(spec('sleep 600', { ...own({ network: address(32) }), labels }));
    const addresses = [{ network: bed.network.name, mac: expect.any(String), ip: `${subnet}.32` }];
    expect((await bed.status(id)).addresses).toEqual(addresses);
    await runtime().containers.stop(id, 0);
    expect((await bed.status(id)).addresses).toEqual([]);
    await start(spec('sleep 600', own({ network: address(33) })));
    await runtime().containers.start(id);
    expect((await bed.status(id)).addresses).toEqual(addresses);
  });
}
