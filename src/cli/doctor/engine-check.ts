import type { RuntimeInfo } from '../../domain/container-runtime/container-runtime.ts';
import type { Check, Finding } from './finding.ts';

/** The oldest that work (README). */
const oldest: Readonly<Record<string, readonly number[]>> = { docker: [20, 10], podman: [4, 0] };

/** What was seen of released versions and cannot be helped from outside; `before` is the first version without it. */
const knownFaults: readonly { engine: string; before: readonly number[]; fault: string }[] = [
  { engine: 'docker', before: [26], fault: 'followed logs may lose a last line without line feed' },
  { engine: 'docker', before: [25], fault: 'no recursive read-only mounts' },
  { engine: 'docker', before: [28], fault: 'no image volumes' },
  { engine: 'podman', before: [5], fault: 'does not tell why a container was killed, nor of podman update' },
];

export const engineCheck: Check = async ({ engine }) => {
  if (!(engine instanceof Error)) return [judgeEngine(engine)];
  return [
    {
      check: 'engine',
      level: 'fail',
      found: engine.message,
      advice: 'start Docker or Podman, or set K2D_RUNTIME_SOCKET to where it listens',
    },
  ];
};

export function judgeEngine({
  name,
  version,
  capabilities,
}: Pick<RuntimeInfo, 'name' | 'version' | 'capabilities'>): Finding {
  const check = 'engine';
  const found = `${name} ${version}${capabilities.rootless ? ', without root' : ''}`;
  const least = oldest[name];
  if (least && isBefore(version, least))
    return {
      check,
      level: 'fail',
      found,
      advice: `${name} ${least.join('.')} is the oldest that k2d works with: update it`,
    };
  if (!capabilities.resourceLimits)
    return {
      check,
      level: 'warn',
      found: `${found}: limits of memory and processor have no effect`,
      advice: 'boot with cgroup version 2 (systemd.unified_cgroup_hierarchy=1) and delegate controllers to the user',
    };
  const faults = knownFaults.filter(({ engine, before }) => engine === name && isBefore(version, before));
  return { check, level: 'ok', found: [found, ...faults.map(({ fault }) => fault)].join('; ') };
}

function isBefore(version: string, than: readonly number[]): boolean {
  const parts = version.split(/[.~+-]/).map(Number);
  for (const [index, wanted] of than.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}
