import type { ImageInspectInfo } from 'dockerode';
import type { Images, ImageStatus } from '../../domain/container-runtime/image.ts';
import type { DockerEngine } from './docker-engine.ts';
import { orGone } from './docker-error.ts';
import { dockerPull } from './docker-pull.ts';
import { engineReference, fullName } from './image-reference.ts';

export function dockerImages(engine: DockerEngine): Images {
  const status = async (reference: string) => {
    const name = engineReference(reference);
    const found = await orGone(engine.call((docker) => docker.getImage(name).inspect()));
    return found && imageStatus(found);
  };

  return {
    status,
    list: async () => {
      const listed = await engine.call((docker, abortSignal) => docker.listImages({ abortSignal }));
      const found: ImageStatus[] = [];
      for (const { Id } of listed) {
        const image = await status(Id);
        if (image) found.push(image);
      }
      return found;
    },
    pull: (reference, auth, signal) => dockerPull(engine, reference, auth, signal),
    remove: async (reference) => {
      const name = engineReference(reference);
      await orGone(engine.call((docker, abortSignal) => docker.getImage(name).remove({ abortSignal })));
    },
  };
}

const imageStatus = ({ Id, RepoTags, RepoDigests, Size, Config }: ImageInspectInfo): ImageStatus => ({
  id: Id,
  tags: named(RepoTags),
  digests: named(RepoDigests),
  sizeBytes: Size,
  user: Config?.User ?? '',
  command: [Config?.Entrypoint ?? []].flat(),
  args: Config?.Cmd ?? [],
});

/** Docker writes `<none>` for an image without a name. */
const named = (references: readonly string[] | null): string[] =>
  (references ?? []).filter((reference) => !reference.startsWith('<none>')).map(fullName);
