import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ContainerSecurity } from '../../../src/domain/container-runtime/container.ts';
import type { RuntimeBed } from './runtime-bed.ts';

const plain: ContainerSecurity = {
  privileged: false,
  capAdd: [],
  capDrop: [],
  readOnlyRootfs: false,
  noNewPrivileges: false,
};

const statusOf = (field: string) => `grep -E "^${field}:" /proc/self/status | tr -d "\\t "`;

/** How a container is confined, and what it may use of the machine, seen from inside. */
export function securityCases(bed: RuntimeBed): void {
  const { test, runtime, spec, output, start } = bed;

  test("the engine's own seccomp profile, unless told otherwise", async () => {
    expect(await output(spec(statusOf('Seccomp')))).toEqual(['Seccomp:2']);
    const security = { ...plain, seccomp: { kind: 'unconfined' } as const };
    expect(await output(spec(statusOf('Seccomp'), { security }))).toEqual(['Seccomp:0']);
  });

  test('a seccomp profile from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), `${bed.prefix}seccomp-`));
    const path = join(folder, 'no-mkdir.json');
    const names = ['mkdir', 'mkdirat'];
    const profile = JSON.stringify({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names, action: 'SCMP_ACT_ERRNO' }],
    });
    await writeFile(path, profile);
    try {
      const security = { ...plain, seccomp: { kind: 'file', path, profile } as const };
      const script = `${statusOf('Seccomp')}; mkdir /tmp/x 2>/dev/null || echo refused`;
      expect(await output(spec(script, { security }))).toEqual(['Seccomp:2', 'refused']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('/proc is masked, unless told otherwise', async () => {
    const script = 'grep -c " /proc/" /proc/mounts';
    expect(Number((await output(spec(script)))[0])).toBeGreaterThan(3);
    expect(await output(spec(script, { security: { ...plain, unmaskedProc: true } }))).toEqual(['0']);
  });

  test('labels of SELinux do no harm where there is none', async () => {
    const security = { ...plain, seLinux: { type: 'container_t', level: 's0:c1,c2' } };
    expect(await output(spec('echo labelled', { security }))).toEqual(['labelled']);
  });

  test('a profile of AppArmor is in force where the host has it', async () => {
    const { appArmor } = (await runtime().info()).capabilities;
    const security = { ...plain, appArmor: 'unconfined' };
    const script = 'cat /proc/self/attr/current 2>/dev/null || echo unconfined';
    expect(await output(spec(script, { security }))).toEqual(['unconfined']);
    if (!appArmor) return;
    await expect(start(spec('true', { security: { ...plain, appArmor: 'no-such-profile' } }))).rejects.toMatchObject({
      name: 'RuntimeError',
    });
  });

  test('an added capability of a user other than root is in force only where the engine says so', async () => {
    const { ambientCapabilities } = (await runtime().info()).capabilities;
    const security = { ...plain, capAdd: ['NET_ADMIN'] };
    const [effective, bounding] = await output(
      spec(`${statusOf('CapEff')}; ${statusOf('CapBnd')}`, { user: '1000:1000', security }),
    );
    expect(effective).toBe(`CapEff:${ambientCapabilities ? '0000000000001000' : '0000000000000000'}`);
    expect(BigInt(`0x${bounding?.slice('CapBnd:'.length)}`) & 0x1000n).toBe(0x1000n);
  });

  test('processors of its own', async () => {
    const last = availableParallelism() - 1;
    expect(await output(spec(statusOf('Cpus_allowed_list'), { cpuset: String(last) }))).toEqual([
      `Cpus_allowed_list:${last}`,
    ]);
  });

  test('limits of the kernel', async () => {
    const limits = [
      { name: 'memlock', value: 1024 * 1024 },
      { name: 'rtprio', value: 0 },
    ] as const;
    expect(await output(spec('ulimit -l; ulimit -r', { limits }))).toEqual(['1024', '0']);
  });
}
