import { mkdir, readFile } from 'node:fs/promises';
import { readConfig } from '../src/config.ts';
import { ensureEngine } from './deploy/ensure-engine.ts';
import { k2dContainer } from './deploy/k2d-container.ts';
import { waitUntilReady } from './deploy/readiness.ts';
import { replaceContainer } from './deploy/replace-container.ts';
import { buildDist } from './image/dist.ts';
import { buildK2dImage } from './image/k2d-image.ts';
import { step } from './progress.ts';

/** `npm start`: from a checkout to k2d as a container that serves. Again, with nothing changed, it changes nothing. */

const READY_TIMEOUT_MS = 60_000;

const config = readConfig(process.env);
const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
const imageName = `localhost/k2d:${version}`;
await step('Building k2d', buildDist);
const engine = await ensureEngine(config);
const { Version } = await engine.client.version();
console.log(`Using ${engine.kind} ${Version} on ${engine.socket}`);
const image = await buildK2dImage(engine.client, imageName);
await mkdir(config.dataPath, { recursive: true, mode: 0o700 });

const ready = (crashes: () => Promise<boolean>) =>
  waitUntilReady(config.port, config.kubeconfigPath, crashes, AbortSignal.timeout(READY_TIMEOUT_MS));
const outcome = await step(`Starting the container ${config.instance}`, () =>
  replaceContainer(engine.client, k2dContainer(config, process.env, engine, { name: imageName, id: image.id }), ready),
);

if (outcome.kind === 'failed') {
  console.error(`k2d did not become ready. Its last words:\n${outcome.lastLog}`);
  if (outcome.restored) console.error('The version that ran before is running again.');
  process.exit(1);
}
if (outcome.kind === 'replaced' && outcome.oldImage !== image.id) await removeUnused(outcome.oldImage);
console.log(`
k2d is ${outcome.kind === 'unchanged' ? 'running already, nothing to change' : 'ready'}
  engine      ${engine.kind} ${Version}
  image       ${imageName}, ${Math.round(image.size / 1e6)} MB
  API         https://127.0.0.1:${config.port}
  kubeconfig  ${config.kubeconfigPath}

  export KUBECONFIG=${config.kubeconfigPath}; kubectl get nodes`);

/** The image of the version before, which nothing uses any more; unless somebody does, and then the engine refuses. */
async function removeUnused(oldImage: string): Promise<void> {
  await engine.client
    .getImage(oldImage)
    .remove()
    .catch(() => undefined);
}
