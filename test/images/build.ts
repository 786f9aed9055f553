import { connectEngine } from '../../scripts/deploy/engine.ts';
import { importExampleImages } from './example-images.ts';

/** `node test/images/build.ts SOCKET...`: gives the images of examples/ to the engines on these sockets. */

for (const runtimeSocket of process.argv.slice(2)) {
  const engine = await connectEngine({ runtimeSocket });
  console.log(`Images of the examples for ${engine.kind} on ${engine.socket}`);
  await importExampleImages(engine.client);
}
