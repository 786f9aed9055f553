import { readFile } from 'node:fs/promises';
import type { Check, Finding } from './finding.ts';

/** Without these, limits of pods and what they use are nothing but words. */
const needed = ['cpu', 'memory', 'pids'];

export const cgroupsCheck: Check = async () => {
  const [unified, legacy] = await Promise.all([
    readFile('/sys/fs/cgroup/cgroup.controllers', 'utf8').catch(() => undefined),
    readFile('/proc/cgroups', 'utf8').catch(() => ''),
  ]);
  return [judgeCgroups(unified, legacy)];
};

/** Texts of cgroup.controllers of the root, which only version 2 has, and of /proc/cgroups (cgroups(7)). */
export function judgeCgroups(unified: string | undefined, legacy: string): Finding {
  const check = 'cgroups';
  const inKernel = legacy.split('\n').map((line) => line.split('\t'));
  const enabled = inKernel.flatMap(([name = '', , , on]) => (on === '1' ? [name] : []));
  const controllers = unified === undefined ? enabled : unified.trim().split(/\s+/);
  const version = `version ${unified === undefined ? 1 : 2}`;
  const missing = needed.filter((name) => !controllers.includes(name));
  if (missing.length === 0) return { check, level: 'ok', found: `${version} with ${needed.join(', ')}` };
  return {
    check,
    level: missing.includes('memory') ? 'fail' : 'warn',
    found: `${version} without ${missing.join(', ')}`,
    advice: missing.includes('memory')
      ? 'add cgroup_enable=memory cgroup_memory=1 to the kernel command line (Raspberry Pi: /boot/firmware/cmdline.txt) and reboot'
      : 'use a kernel with CONFIG_CGROUP_PIDS and CONFIG_CFS_BANDWIDTH',
  };
}
