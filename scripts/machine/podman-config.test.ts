import { describe, expect, it } from 'vitest';
import { EXEC_DELAY_ONLY, podmanConfig } from './podman-config.ts';

const ordinary = { systemd: true, cgroupVersion1: false, hardLimits: { nofile: 1_048_576, nproc: 1_048_576 } };

describe('podmanConfig', () => {
  it('changes nothing but the exec delay on an ordinary machine', () => {
    expect(podmanConfig(ordinary)).toBe(EXEC_DELAY_ONLY);
    expect(EXEC_DELAY_ONLY.split('\n').filter((line) => line && !line.startsWith('#'))).toEqual([
      '[engine]',
      'exit_command_delay = 5',
    ]);
  });

  it('never asks for more than the hard limits', () => {
    expect(podmanConfig({ ...ordinary, hardLimits: { nofile: 20_000, nproc: 4_000_000 } })).toContain(
      'default_ulimits = ["nofile=20000:20000", "nproc=1048576:1048576"]',
    );
  });

  it('does without systemd and without crun where they cannot work', () => {
    const text = podmanConfig({ ...ordinary, systemd: false, cgroupVersion1: true });
    expect(text).toContain('runtime = "runc"');
    expect(text).toContain('cgroup_manager = "cgroupfs"\nevents_logger = "file"');
  });
});
