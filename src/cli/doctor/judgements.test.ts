import { describe, expect, it } from 'vitest';
import type { RuntimeCapabilities } from '../../domain/container-runtime/container-runtime.ts';
import { judgeCertificate } from './certificates-check.ts';
import { judgeCgroups } from './cgroups-check.ts';
import { judgeClock } from './clock-check.ts';
import { judgeDisk } from './disk-check.ts';
import { judgeEngine } from './engine-check.ts';
import { judgeExecDelay } from './exec-delay-check.ts';
import { judgeForwarding } from './network-check.ts';
import { judgeNodePorts } from './ports-check.ts';

const capabilities = { rootless: false, resourceLimits: true } as RuntimeCapabilities;
const legacy = (memory: 0 | 1) =>
  `#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t9\t1\nmemory\t2\t9\t${memory}\npids\t3\t9\t1\n`;
const now = new Date('2026-11-22T12:00:00Z');
const certificate = (days: number) => ({ validToDate: new Date(now.getTime() + days * 86_400_000) });

describe('doctor judges', () => {
  it.each([
    ['an engine of today', judgeEngine({ name: 'docker', version: '28.1.1', capabilities }), 'ok'],
    ['the oldest engine', judgeEngine({ name: 'docker', version: '20.10.24+dfsg1', capabilities }), 'ok'],
    ['an engine that is too old', judgeEngine({ name: 'docker', version: '19.03.15', capabilities }), 'fail'],
    ['Podman 3', judgeEngine({ name: 'podman', version: '3.4.4', capabilities }), 'fail'],
    [
      'limits without effect',
      judgeEngine({ name: 'podman', version: '5.4.2', capabilities: { ...capabilities, resourceLimits: false } }),
      'warn',
    ],
    ['cgroups of version 2', judgeCgroups('cpuset cpu io memory pids\n', legacy(1)), 'ok'],
    ['cgroups of version 1', judgeCgroups(undefined, legacy(1)), 'ok'],
    ['a Raspberry Pi without memory cgroup', judgeCgroups(undefined, legacy(0)), 'fail'],
    ['cgroups of version 2 without pids', judgeCgroups('cpu memory\n', legacy(1)), 'warn'],
    ['a host that forwards', judgeForwarding('1\n'), 'ok'],
    ['a host that does not', judgeForwarding('0\n'), 'warn'],
    ['room', judgeDisk('d', { free: 9e9, total: 30e9 }), 'ok'],
    ['little room', judgeDisk('d', { free: 4e8, total: 30e9 }), 'warn'],
    ['room enough on a small disk', judgeDisk('d', { free: 4e8, total: 1e9 }), 'ok'],
    ['a full disk', judgeDisk('d', { free: 1e7, total: 30e9 }), 'fail'],
    ['no inodes', judgeDisk('d', { free: 9e9, total: 30e9, files: 10 }), 'fail'],
    ['a clock', judgeClock(now, false), 'ok'],
    ['a clock that waits for a server', judgeClock(now, true), 'warn'],
    ['a clock at the epoch', judgeClock(new Date(60_000), false), 'fail'],
    ['node ports of their own', judgeNodePorts({ first: 30000, last: 32767 }, '32768\t60999\n'), 'ok'],
    ['node ports among others', judgeNodePorts({ first: 30000, last: 33000 }, '32768\t60999\n'), 'warn'],
    ['a certificate', judgeCertificate('server', certificate(300), now), 'ok'],
    ['one that ends soon', judgeCertificate('server', certificate(10), now), 'warn'],
    ['one that has ended', judgeCertificate('authority', certificate(-1), now), 'fail'],
    ['one that is missing', judgeCertificate('server', undefined, now), 'fail'],
    ["Podman's own delay", judgeExecDelay(['[engine]\n#exit_command_delay = 5\n']), 'warn'],
    ['a short delay', judgeExecDelay(['[engine]\nexit_command_delay = 300\n', '[engine]\nexit_command_delay=5']), 'ok'],
  ])('%s', (_what, finding, level) => {
    expect(finding.level).toBe(level);
    expect(finding.advice === undefined).toBe(level === 'ok');
  });

  it('and names the known faults of a version', () => {
    expect(judgeEngine({ name: 'docker', version: '20.10.24', capabilities }).found).toContain('no image volumes');
    expect(judgeEngine({ name: 'docker', version: '28.0.0', capabilities }).found).toBe('docker 28.0.0');
  });
});
