import { readConfig } from '../config.ts';
import { openInput } from './archive/open-input.ts';
import type { Command } from './command.ts';
import { engineOf } from './engine-of.ts';
import { withDockerManifest } from './images/with-docker-manifest.ts';

export const imagesImportCommand: Command = {
  about: `Loads the images of a tar that docker save or podman save wrote, or of an OCI archive, into the engine: for devices that reach no registry.
The archive goes through as it comes. Pods find the images under the names that are printed (imagePullPolicy: IfNotPresent).`,
  positional: { name: 'FILE', required: false, help: 'the tar, also packed with gzip; default: standard input' },
  run: async ({ positional }) => {
    const engine = await engineOf(readConfig(process.env));
    const tar = withDockerManifest(await openInput(positional));
    // Of a tar that breaks the engine only hears that it ends.
    const names = await engine.images.load(tar, new AbortController().signal).catch((error: unknown) => {
      throw tar.errored ?? error;
    });
    if (names.length === 0) throw new Error('the engine loaded no image');
    for (const name of names) process.stdout.write(`${name}\n`);
    return 0;
  },
};
