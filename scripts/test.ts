import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importExampleImages } from '../test/images/example-images.ts';
import { engines } from '../test/integration/engines.ts';
import { connectEngine } from './deploy/engine.ts';
import { buildDist } from './image/dist.ts';
import { buildK2dImage } from './image/k2d-image.ts';
import { step } from './progress.ts';

/**
 * `npm test`: `node scripts/test.ts PROJECT...`, with vitest's projects. For those on engines it brings up both first and
 * gives them k2d's image, as `localhost/k2d:test`, and those of the examples. The last line counts the tests.
 */

const projects = process.argv.slice(2);
if (projects.some((project) => project.startsWith('engines'))) await prepareEngines();
process.exitCode = await runVitest();

async function prepareEngines(): Promise<void> {
  await step('Bringing up Docker and Podman', () => run('test/engines/up.sh', []));
  await step('Building k2d', buildDist);
  for (const { kind, socket } of engines) {
    const { client } = await connectEngine({ runtime: kind, runtimeSocket: socket });
    await buildK2dImage(client, 'localhost/k2d:test');
    await step(`Images of the examples for ${kind}`, () => importExampleImages(client));
  }
}

async function runVitest(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'k2d-test-'));
  const report = join(folder, 'report.json');
  const flags = ['run', ...projects.flatMap((project) => ['--project', `${project}*`])];
  try {
    await run('vitest', [...flags, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
    console.log(await summary(report));
    return 0;
  } catch (error) {
    console.log(await summary(report).catch(() => String(error)));
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

async function summary(path: string): Promise<string> {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(await readFile(path, 'utf8')) as Report;
  return `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`;
}

/** Rejects when the program does not end with 0. */
async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}
