import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { installPackages } from '../../../scripts/machine/install-packages.ts';
import { step } from '../../../scripts/progress.ts';

const run = promisify(execFile);

const CLIENT = 'kubernetes==33.1.0';
const folder = join(import.meta.dirname, '../../../.cache/python', CLIENT);
const complete = join(folder, 'complete');

/** A Python that has the official client; there only after the setup. */
export const python = join(folder, 'bin/python');

/** For vitest's `globalSetup`: fetches the client and what it needs from PyPI, 70 MB, once. */
export async function setup(): Promise<void> {
  if (!existsSync(complete)) await step(`Fetching ${CLIENT} for Python`, fetchClient);
}

async function fetchClient(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  const makeEnvironment = () => run('python3', ['-m', 'venv', folder]);
  // Debian's Python comes without the means to make one.
  await makeEnvironment().catch(async () => {
    await installPackages(['python3-venv']);
    await makeEnvironment();
  });
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', CLIENT]);
  await writeFile(complete, '');
}
