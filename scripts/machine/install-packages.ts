import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { step } from '../progress.ts';
import { programPath } from './program-path.ts';

const run = promisify(execFile);

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
  if (!manager)
    throw new Error(
      `no package manager found (looked for ${PACKAGE_MANAGERS.map((m) => m.program).join(', ')}); install by hand: ${names.join(' ')}`,
    );
  await step(`Installing ${names.join(', ')} with ${manager.program}`, async () => {
    for (const [program = manager.program, ...args] of manager.commands(names)) {
      await run(program, args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 << 20 });
    }
  });
}
