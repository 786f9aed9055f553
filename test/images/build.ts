import { findEngine } from '../../scripts/deploy/find-engine.ts';
import { importExampleImages } from './example-images.ts';

/** `node test/images/build.ts [socket]...`: the images of examples/ into these engines, else into every one that answers. */

const USUAL = [{ runtime: 'docker' }, { runtime: 'podman' }] as const;
const given = process.argv.slice(2).map((runtimeSocket) => ({ runtimeSocket }));

for (const wanted of given.length > 0 ? given : USUAL) {
  const engine = await findEngine(wanted);
  if (!engine && given.length === 0) continue;
  if (!engine) throw new Error(`no engine answers on ${Object.values(wanted).join()}`);
  console.log(`Images of the examples for ${engine.kind} on ${engine.socket}`);
  await importExampleImages(engine.client);
}
