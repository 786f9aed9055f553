import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { readProcess } from './read-process.ts';
import type { RuntimeBed } from './runtime-bed.ts';

const mebibyte = 1024 * 1024;

/** Where a container sees its limits; version 2 of control groups has other files. */
const files = existsSync('/sys/fs/cgroup/cgroup.controllers')
  ? { memory: 'memory.max', shares: 'cpu.weight', quota: 'cpu.max' }
  : { memory: 'memory/memory.limit_in_bytes', shares: 'cpu/cpu.shares', quota: 'cpu/cpu.cfs_quota_us' };

/** Changing limits, and what is used. */
export function resourceCases({ test, runtime, spec, start, address, own, eventually, exit }: RuntimeBed): void {
  const containers = () => runtime().containers;
  const stay = 'while :; do sleep 1; done';

  const inside = async (id: string, what: keyof typeof files): Promise<number> => {
    const command = ['cat', `/sys/fs/cgroup/${files[what]}`];
    const session = await containers().exec(id, { command, tty: false, stdin: false }, AbortSignal.timeout(90_000));
    return Number.parseInt((await readProcess(session)).stdout, 10);
  };

  test('limits of a running container are raised and lowered', async () => {
    const id = await start(spec(stay, { resources: { memoryBytes: 32 * mebibyte, cpuMillis: 500 } }));
    expect(await inside(id, 'memory')).toBe(32 * mebibyte);
    for (const [memory, cpuMillis] of [
      [64, 800],
      [16, 200],
    ] as const) {
      await containers().update(id, { memoryBytes: memory * mebibyte, cpuMillis, cpuShares: 512 });
      expect(await inside(id, 'memory')).toBe(memory * mebibyte);
      expect(await inside(id, 'quota')).toBe(cpuMillis * 100);
    }
    expect(await inside(id, 'shares')).not.toBe(1024);
  });

  test('limits are lifted', async () => {
    const id = await start(spec(stay, { resources: { memoryBytes: 32 * mebibyte, cpuMillis: 500 } }));
    await containers().update(id, {});
    expect(await inside(id, 'memory')).not.toBeLessThan(2 ** 50);
    expect(await inside(id, 'quota')).not.toBe(50_000);
    expect((await containers().status(id))?.config.resources.memoryBytes ?? 0).not.toBeGreaterThan(32 * mebibyte);
  });

  test('less memory than is used is refused', async () => {
    const id = await start(spec(`head -c 30000000 /dev/zero >/dev/shm/x; echo full; ${stay}`));
    await eventually('it is full', async () => {
      const logs = await Array.fromAsync(containers().logs(id, { follow: false }, AbortSignal.timeout(90_000)));
      return logs.length > 0 || undefined;
    });
    const lowered = containers().update(id, { memoryBytes: 8 * mebibyte });
    await expect(lowered).rejects.toMatchObject({ name: 'RuntimeError', code: 'InvalidArgument' });
  });

  test('a container that is gone has no limits', async () => {
    const id = await containers().create(spec('true'));
    await containers().remove(id);
    await expect(containers().update(id, {})).rejects.toMatchObject({ name: 'RuntimeError', code: 'NotFound' });
  });

  test('what running containers use', async () => {
    const fill = 'x=$(head -c 4000000 /dev/zero | tr "\\0" x)';
    const work = `i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo done; ${stay}`;
    const [busy, idle, ended, created] = [
      await start(spec(`${fill}; ${work}`)),
      await start(spec(stay)),
      await start(spec('true')),
      await containers().create(spec('true')),
    ];
    await exit(ended);
    const all = [busy, idle, ended, created, 'f'.repeat(64)];
    const found = await eventually('the processor time shows', async () => {
      const stats = await containers().stats(all);
      return (stats.find(({ id }) => id === busy)?.cpuNanos ?? 0) > 10_000_000 ? stats : undefined;
    });
    expect(found.map(({ id }) => id).toSorted((a, b) => a.localeCompare(b))).toEqual(
      [busy, idle].toSorted((a, b) => a.localeCompare(b)),
    );
    const of = found.find(({ id }) => id === busy)!;
    expect(of.memoryBytes).toBeGreaterThan(4_000_000);
    expect(of.memoryBytes).toBeLessThan(100 * mebibyte);
    expect(of.processes).toBeGreaterThan(0);
    expect(Math.abs(of.time.getTime() - Date.now())).toBeLessThan(30_000);
    expect(await containers().stats([])).toEqual([]);
  });

  test('what was sent and received', async () => {
    const sender = await start(
      spec('mkdir /srv; head -c 2000000 /dev/zero >/srv/file; httpd -f -h /srv', own({ network: address(20) })),
    );
    const url = `http://${(address(20) as { ip: string }).ip}/file`;
    const script = `until wget -q -O /dev/null ${url}; do sleep 0.1; done; ${stay}`;
    const receiver = await start(spec(script, own({ network: address(21) })));
    const [from, into] = await eventually('2 MB went over', async () => {
      const stats = await containers().stats([sender, receiver]);
      const [a, b] = [sender, receiver].map((id) => stats.find((one) => one.id === id));
      return a && b && a.networkTxBytes > 2_000_000 && b.networkRxBytes > 2_000_000 ? [a, b] : undefined;
    });
    expect(from!.networkRxBytes).toBeLessThan(1_000_000);
    expect(into!.networkTxBytes).toBeLessThan(1_000_000);
  });
}
