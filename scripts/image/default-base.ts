import { readFile } from 'node:fs/promises';
import type Dockerode from 'dockerode';
import { step } from '../progress.ts';

/** A device in a plant often has no way out: three seconds settle it, where the engine's own pull retries for minutes. */
const REGISTRY_TIMEOUT_MS = 3000;
const PULL_TIMEOUT_MS = 10 * 60_000;

/** Makes the Dockerfile's own default base available. Returns its name, or undefined when no registry can be reached. */
export async function pullDefaultBase(engine: Dockerode): Promise<string | undefined> {
  const base = await defaultBase();
  if (await isPresent(engine, base)) return base;
  if (!(await isReachable(base))) return undefined;
  await step(`Pulling ${base}`, () => pull(engine, base));
  return base;
}

async function defaultBase(): Promise<string> {
  const base = /^ARG BASE=(\S+)/m.exec(await readFile('Dockerfile', 'utf8'))?.[1];
  if (!base) throw new Error('the Dockerfile names no default base (ARG BASE=…)');
  return base;
}

function isPresent(engine: Dockerode, image: string): Promise<boolean> {
  return engine
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

/** Any answer counts, a 401 too: the registry's API starts with a challenge (OCI distribution specification, end-1). */
async function isReachable(image: string): Promise<boolean> {
  const host = image.split('/')[0]?.replace(/^docker\.io$/, 'registry-1.docker.io');
  return fetch(`https://${host}/v2/`, { signal: AbortSignal.timeout(REGISTRY_TIMEOUT_MS) }).then(
    () => true,
    () => false,
  );
}

async function pull(engine: Dockerode, image: string): Promise<void> {
  const progress = await engine.pull(image, { abortSignal: AbortSignal.timeout(PULL_TIMEOUT_MS) });
  await new Promise<void>((resolve, reject) => {
    engine.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
  });
}
