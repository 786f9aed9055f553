import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import type Dockerode from 'dockerode';
import { step } from '../progress.ts';
import { importBaseImage } from './base-image.ts';
import { pullDefaultBase } from './default-base.ts';

/** Everything that goes into the image. */
const CONTEXT = ['Dockerfile', '.dockerignore', 'scripts/image/k2d', 'dist/**'];

/** Holds what the image was built of: the next build of the same sources is no build. */
const CONTENT_LABEL = 'k2d.io/image-content';

export interface K2dImage {
  readonly id: string;
  /** Bytes on disk, as the engine counts them. */
  readonly size: number;
}

/** Builds `name` from dist/ unless the engine holds exactly that already. Throws with the builder's last words when it fails. */
export async function buildK2dImage(engine: Dockerode, name: string): Promise<K2dImage> {
  const files = await contextFiles();
  const hash = await contentHash(files);
  const present = await find(engine, name, hash);
  if (present) return present;
  const official = await pullDefaultBase(engine);
  const base =
    official ?? (await step('Making a base image of the programs on this machine', () => importBaseImage(engine)));
  await step(`Building the image ${name}`, () => build(engine, name, files, base, hash));
  // Docker's classic builder keeps the first stage as an untagged image, as big as the base.
  await dropUntagged(engine, 'k2d.io/build-stage=base');
  // Whoever builds beside us may use it still; then it goes with the next build.
  if (!official)
    await engine
      .getImage(base)
      .remove()
      .catch(() => undefined);
  const built = await find(engine, name, hash);
  if (!built) throw new Error(`the engine built ${name} and does not hold it`);
  return built;
}

async function contextFiles(): Promise<string[]> {
  const entries = await Array.fromAsync(glob(CONTEXT, { withFileTypes: true }));
  const root = `${process.cwd()}/`;
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replace(root, ''))
    .toSorted();
}

async function contentHash(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(await readFile(file));
  return hash.digest('hex');
}

async function find(engine: Dockerode, name: string, hash: string): Promise<K2dImage | undefined> {
  const image = await engine
    .getImage(name)
    .inspect()
    .catch(() => undefined);
  if (image?.Config.Labels?.[CONTENT_LABEL] !== hash) return undefined;
  return { id: image.Id, size: image.Size };
}

async function build(engine: Dockerode, name: string, src: string[], base: string, hash: string): Promise<void> {
  // `layers` is Podman's: without it the first stage stays behind as an image of its own.
  const options = { t: name, buildargs: { BASE: base }, labels: { [CONTENT_LABEL]: hash }, layers: false };
  const answer = await engine.buildImage({ context: process.cwd(), src }, options);
  const words: string[] = [];
  await new Promise<void>((resolve, reject) => {
    engine.modem.followProgress(
      answer,
      (error) =>
        error
          ? reject(new Error(`building ${name} failed:\n${words.slice(-20).join('')}`, { cause: error }))
          : resolve(),
      (event: { stream?: string; error?: string }) => words.push(event.stream ?? event.error ?? ''),
    );
  });
}

/** Images of earlier versions have lost their name to the next. What a container still uses, another instance's, stays. */
export async function dropFormerImages(engine: Dockerode): Promise<void> {
  await dropUntagged(engine, CONTENT_LABEL);
}

async function dropUntagged(engine: Dockerode, label: string): Promise<void> {
  await engine.pruneImages({ filters: { dangling: ['true'], label: [label] } });
}
