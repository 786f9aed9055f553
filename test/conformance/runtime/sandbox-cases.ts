import { readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { answerAt, freePort } from './published-port.ts';
import type { RuntimeBed } from './runtime-bed.ts';

export function sandboxCases(bed: RuntimeBed): void {
  const { test, runtime, spec, sandboxSpec, start, status, output, linesOf, eventually, address, labels, subnet } = bed;
  const sandboxes = () => runtime().sandboxes;
  const memberOf = (id: string) => ({ sandbox: { kind: 'member', id } }) as const;

  test('a sandbox runs, ready, at its address', async () => {
    const wanted = sandboxSpec({ network: address(40) });
    const id = await sandboxes().run(wanted);
    expect(await sandboxes().status(id)).toMatchObject({
      id,
      name: wanted.name,
      labels,
      state: 'ready',
      addresses: [{ network: bed.network.name, ip: `${subnet}.40` }],
    });
  });

  test('a sandbox of a name that is taken is refused', async () => {
    const wanted = sandboxSpec();
    await sandboxes().run(wanted);
    await expect(sandboxes().run(wanted)).rejects.toMatchObject({ name: 'RuntimeError', code: 'AlreadyExists' });
  });

  test('a sandbox that cannot start leaves nothing behind', async () => {
    const wanted = sandboxSpec({ network: { mode: 'network', network: bed.name('no-such'), ip: '10.1.1.2' } });
    await expect(sandboxes().run(wanted)).rejects.toMatchObject({ name: 'RuntimeError' });
    expect((await sandboxes().list({})).map(({ name }) => name)).not.toContain(wanted.name);
  });

  test('sandboxes are listed by labels', async () => {
    const id = await sandboxes().run(sandboxSpec({ labels: { ...labels, which: 'one' } }));
    await sandboxes().run(sandboxSpec());
    expect((await sandboxes().list({ ...labels, which: 'one' })).map((sandbox) => sandbox.id)).toEqual([id]);
  });

  test('two members share localhost, host name and address', async () => {
    const id = await sandboxes().run(sandboxSpec({ hostname: 'web-0', network: address(41) }));
    const script = 'mkdir /www; echo hello >/www/index.html; echo ready; exec httpd -f -p 127.0.0.1:8080 -h /www';
    await linesOf(await start(spec(script, memberOf(id))), 'ready');
    const client = spec('hostname; until wget -q -O - http://127.0.0.1:8080/; do sleep 0.1; done', memberOf(id));
    expect(await output(client)).toEqual(expect.arrayContaining(['web-0', 'hello']));
  });

  for (const sharesProcesses of [true, false]) {
    test(`a guest joins a container that is its own sandbox, ${sharesProcesses ? 'and' : 'but not'} its processes`, async () => {
      const host = await start(spec('exec sleep 4321', bed.own({ hostname: 'plc', network: address(47) })));
      const sandbox = { kind: 'guest', of: host, sharesProcesses } as const;
      const seen = (await output(spec('hostname; ip -4 addr show eth0; ps', { sandbox }))).join('\n');
      expect(seen).toContain('plc');
      expect(seen).toContain(`${subnet}.47/`);
      expect(seen.includes('sleep 4321')).toBe(sharesProcesses);
    });
  }

  test('a member can see the processes of another', async () => {
    const id = await sandboxes().run(sandboxSpec());
    const target = await start(spec('exec sleep 4321', memberOf(id)));
    await start(spec('exec sleep 1234', memberOf(id)));
    const looker = spec('ps', { sandbox: { kind: 'member', id, processesOf: target } });
    const seen = (await output(looker)).join('\n');
    expect(seen).toContain('sleep 4321');
    expect(seen).not.toContain('sleep 1234');
  });

  test('members name their sandbox; the sandbox itself is no workload', async () => {
    const id = await sandboxes().run(sandboxSpec());
    const member = await start(spec('sleep 60', memberOf(id)));
    expect(await status(member)).toMatchObject({ sandboxId: id, isSandbox: false });
    const list = await runtime().containers.list();
    expect(list.find((container) => container.id === member)).toMatchObject({ sandboxId: id, isSandbox: false });
    const workloads = list.filter((container) => container.name.startsWith(bed.prefix) && !container.isSandbox);
    expect(workloads.map((container) => container.id)).toEqual([member]);
  });

  test('names, ports and sysctls of the sandbox hold for its members', async () => {
    const dns = { servers: ['10.43.0.10'], searches: ['svc.cluster.local'], options: ['ndots:5'] };
    const hostPort = await freePort();
    const ports = [{ containerPort: 8080, hostPort, hostIp: '127.0.0.1', protocol: 'tcp' } as const];
    const sysctls = { 'net.ipv4.ip_unprivileged_port_start': '78' };
    const id = await sandboxes().run(sandboxSpec({ network: address(42), dns, ports, sysctls }));
    const script =
      'cat /etc/resolv.conf /proc/sys/net/ipv4/ip_unprivileged_port_start; mkdir /www; echo member >/www/index.html; exec httpd -f -p 8080 -h /www';
    expect(await linesOf(await start(spec(script, memberOf(id))), '78')).toContain('search svc.cluster.local');
    const answer = await eventually('the sandbox publishes the port', () => answerAt(`127.0.0.1:${hostPort}`));
    expect(answer).toBe('member\n');
  });

  test("members see each other's processes only where asked", async () => {
    const script = 'ps -o args | grep -c "[s]leep 4711" || true';
    for (const [shareProcessNamespace, seen] of [
      [false, '0'],
      [true, '1'],
    ] as const) {
      const id = await sandboxes().run(sandboxSpec({ shareProcessNamespace }));
      await start(spec('', { command: ['sleep', '4711'], ...memberOf(id) }));
      expect(await output(spec(script, memberOf(id)))).toEqual([seen]);
      await sandboxes().remove(id);
    }
  });

  test('members share what their sandbox shares with the host', async () => {
    const script = 'for n in pid ipc net; do readlink /proc/self/ns/$n; done';
    const ofHost = ['pid', 'ipc', 'net'].map((namespace) => readlinkSync(`/proc/self/ns/${namespace}`));
    const own = await sandboxes().run(sandboxSpec());
    const owned = await output(spec(script, memberOf(own)));
    expect(owned).toHaveLength(3);
    expect(owned.filter((namespace) => ofHost.includes(namespace))).toEqual([]);
    const hosts = await sandboxes().run(sandboxSpec({ hostPid: true, hostIpc: true, network: { mode: 'host' } }));
    expect((await sandboxes().status(hosts))?.labels).toEqual(labels);
    const member = await start(spec(`${script}; sleep 600`, memberOf(hosts)));
    expect(await linesOf(member, ofHost[2] ?? '')).toEqual(ofHost);
  });

  test('a member that the engine restarts all the time is stopped for good', async () => {
    const id = await sandboxes().run(sandboxSpec());
    const member = await start(spec('exit 3', { restart: 'always', ...memberOf(id) }));
    await sandboxes().stop(id, 0);
    const stopped = await status(member);
    expect(stopped.state.kind).toBe('exited');
    await delay(1500);
    expect(await status(member)).toEqual(stopped);
    expect((await sandboxes().status(id))?.state).toBe('notready');
  });

  test('stopping ends every member; the sandbox is not ready; again succeeds', async () => {
    const id = await sandboxes().run(sandboxSpec({ network: address(43) }));
    const member = await start(spec('sleep 600', memberOf(id)));
    await sandboxes().stop(id, 1);
    expect((await status(member)).state.kind).toBe('exited');
    expect((await sandboxes().status(id))?.state).toBe('notready');
    await sandboxes().stop(id, 1);
  });

  test('members are given the grace to end', async () => {
    const id = await sandboxes().run(sandboxSpec());
    const member = await start(spec('trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done', memberOf(id)));
    await linesOf(member, 'ready');
    await sandboxes().stop(id, 20);
    expect((await status(member)).state).toMatchObject({ kind: 'exited', exit: { code: 7 } });
  });

  test('removing takes the members along; again succeeds', async () => {
    const id = await sandboxes().run(sandboxSpec());
    const member = await start(spec('trap "" TERM; while :; do sleep 1; done', memberOf(id)));
    await sandboxes().remove(id);
    expect(await sandboxes().status(id)).toBeUndefined();
    expect(await runtime().containers.status(member)).toBeUndefined();
    await sandboxes().remove(id);
    await sandboxes().stop(id, 1);
  });

  test('a container that is its own sandbox is none of the listed', async () => {
    const id = await start(spec('sleep 60'));
    expect((await sandboxes().list({})).map((sandbox) => sandbox.id)).not.toContain(id);
    expect(await sandboxes().status(id)).toBeUndefined();
  });
}
