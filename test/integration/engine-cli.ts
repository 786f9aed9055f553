import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestEngine } from './engines.ts';

const run = promisify(execFile);

/** What a person would type: `docker …` or `podman …`. Answers what it prints on standard output. */
export async function engineCli({ cli: [program, ...flags] }: TestEngine, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, [...flags, ...args], { timeout: 120_000 });
  return stdout.trim();
}
