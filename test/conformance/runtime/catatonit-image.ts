import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';

/** A busybox with Debian's static catatonit, for pause containers and relays. */
export async function catatonitImage(docker: Docker, busybox: string, reference: string) {
  const context = await mkdtemp(join(tmpdir(), 'catatonit-'));
  try {
    await writeFile(join(context, 'Dockerfile'), `FROM ${busybox}\nCOPY catatonit /bin/catatonit\n`);
    await copyFile('/usr/bin/catatonit', join(context, 'catatonit'));
    const answer = await text(
      await docker.buildImage({ context, src: ['Dockerfile', 'catatonit'] }, { t: reference, forcerm: true }),
    );
    if (answer.includes('"error"')) throw new Error(answer);
  } finally {
    await rm(context, { recursive: true });
  }
  return { reference, remove: async () => void (await docker.getImage(reference).remove({ force: true })) };
}
