import { mkdir, readFile } from 'node:fs/promises';
import { type Config, readConfig } from '../src/config.ts';
import type { Engine } from './deploy/engine.ts';
import { ensureEngine } from './deploy/ensure-engine.ts';
import { k2dContainer } from './deploy/k2d-container.ts';
import { waitUntilReady } from './deploy/readiness.ts';
import { replaceContainer } from './deploy/replace-container.ts';
import { buildDist } from './image/dist.ts';
import { buildK2dImage, dropFormerImages } from './image/k2d-image.ts';
import { step } from './progress.ts';
import { reportFailure } from './report-failure.ts';

/** `npm start`: from a checkout to k2d as a container that serves. Again, with nothing changed, it changes nothing. */

const READY_TIMEOUT_MS = 60_000;

await start(readConfig(process.env)).catch(reportFailure);

async function start(config: Config): Promise<void> {
  await step('Building k2d', buildDist);
  const engine = await ensureEngine(config);
  const { Version } = await engine.client.version();
  console.log(`Using ${engine.kind} ${Version} on ${engine.socket}`);

  const imageName = `localhost/k2d:${await ownVersion()}`;
  const image = await buildK2dImage(engine.client, imageName);
  const changed = await run(config, engine, { name: imageName, id: image.id });

  console.log(`
k2d is ${changed ? 'ready' : 'running already, nothing to change'}
  engine      ${engine.kind} ${Version}
  image       ${imageName}, ${Math.round(image.size / 1e6)} MB
  API         https://127.0.0.1:${config.port}
  kubeconfig  ${config.kubeconfigPath}

  export KUBECONFIG=${config.kubeconfigPath}; kubectl get nodes`);
}

async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  return version;
}

/** Returns whether anything had to change. */
async function run(config: Config, engine: Engine, image: { name: string; id: string }): Promise<boolean> {
  await mkdir(config.dataPath, { recursive: true, mode: 0o700 });
  const ready = (crashes: () => Promise<boolean>) =>
    waitUntilReady(config.port, config.kubeconfigPath, crashes, AbortSignal.timeout(READY_TIMEOUT_MS));
  const outcome = await step(`Starting the container ${config.instance}`, () =>
    replaceContainer(engine.client, k2dContainer(config, process.env, engine, image), ready),
  );
  if (outcome.kind === 'failed') {
    const consequence = outcome.restored ? '\nThe version that ran before is running again.' : '';
    throw new Error(`k2d did not become ready. Its last words:\n${outcome.lastLog}${consequence}`);
  }
  await dropFormerImages(engine.client);
  return outcome.kind !== 'unchanged';
}
