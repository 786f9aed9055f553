import { readFile } from 'node:fs/promises';
import { type Config, readConfig } from '../src/config.ts';
import { deployK2d } from './deploy/deploy-k2d.ts';
import { ensureEngine } from './deploy/ensure-engine.ts';
import { userSettings } from './deploy/user-settings.ts';
import { buildDist } from './image/dist.ts';
import { buildK2dImage, dropFormerImages } from './image/k2d-image.ts';
import { step } from './progress.ts';
import { reportFailure } from './report-failure.ts';

/** `npm start`: from a checkout to k2d as a container that serves. Again, with nothing changed, it changes nothing. */

const env = userSettings(process.env, process.getuid?.() ?? 0);
await start(readConfig(env)).catch(reportFailure);

async function start(config: Config): Promise<void> {
  await step('Building k2d', buildDist);
  const engine = await ensureEngine(config);
  const { Version } = await engine.client.version();
  console.log(`Using ${engine.kind} ${Version} on ${engine.socket}`);

  const imageName = `localhost/k2d:${await ownVersion()}`;
  const image = await buildK2dImage(engine.client, imageName);
  const changed = await step(`Starting the container ${config.instance}`, () =>
    deployK2d(config, env, engine, { name: imageName, id: image.id }),
  );
  await dropFormerImages(engine.client);

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
