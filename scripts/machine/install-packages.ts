import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { step } from '../progress.ts';
import { programPath } from './program-path.ts';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 16 << 20;

/** How each package manager is asked to install without questions, in the order in which they are looked for. */
const PACKAGE_MANAGERS = [
  {
    program: 'apt-get',
    commands: (names: readonly string[]) => [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names],
    ],
  },
  { program: 'dnf', commands: (names: readonly string[]) => [['dnf', 'install', '-y', '-q', ...names]] },
  { program: 'apk', commands: (names: readonly string[]) => [['apk', 'add', '--no-cache', ...names]] },
] as const;

/** Installs packages with whatever package manager the machine has. Throws with the manager's own words when it fails. */
export async function installPackages(names: readonly string[]): Promise<void> {
  const manager = PACKAGE_MANAGERS.find(({ program }) => programPath(program));
  if (!manager) {
    const tried = PACKAGE_MANAGERS.map(({ program }) => program).join(', ');
    throw new Error(`no package manager found (looked for ${tried}); install by hand: ${names.join(' ')}`);
  }
  await step(`Installing ${names.join(', ')} with ${manager.program}`, () =>
    withoutStartingServices(async () => {
      for (const [program = manager.program, ...args] of manager.commands(names)) {
        await run(program, args, {
          env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
          maxBuffer: MAX_OUTPUT_BYTES,
        });
      }
    }),
  );
}

/** Debian's packages start their services when they are installed, unless a policy forbids it (invoke-rc.d(8): 101). */
async function withoutStartingServices(work: () => Promise<void>): Promise<void> {
  const policy = '/usr/sbin/policy-rc.d';
  if (!programPath('invoke-rc.d') || existsSync(policy)) return work();
  await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    await rm(policy, { force: true });
  }
}
