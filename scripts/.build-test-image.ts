import { connectEngine } from './deploy/engine.ts';
import { buildDist } from './image/dist.ts';
import { buildK2dImage } from './image/k2d-image.ts';
await buildDist();
for (const kind of process.argv.slice(2)) {
  const socket = kind === 'docker' ? '/var/run/docker.sock' : '/run/podman/podman.sock';
  const { client } = await connectEngine({ runtime: kind as never, runtimeSocket: socket });
  await buildK2dImage(client, 'localhost/k2d:test');
}
