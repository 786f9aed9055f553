import type { ImageInspectInfo } from 'dockerode';
import type { Images, ImageStatus, ImageSummary } from '../../domain/container-runtime/image.ts';
import type { DockerEngine } from './docker-engine.ts';
import { orGone } from './docker-error.ts';
import { dockerLoad } from './docker-load.ts';
import { dockerPull } from './docker-pull.ts';
import { engineReference, fullName } from './image-reference.ts';

/** What the list and the inspection of images have in common. */
type Facts = {
  Id: string;
  RepoTags?: string[] | null | undefined;
  RepoDigests?: string[] | null | undefined;
  Size: number;
};

export function dockerImages(engine: DockerEngine): Images {
  const status = async (reference: string) => {
    const name = engineReference(reference);
    const found = await orGone(engine.call((docker) => docker.getImage(name).inspect()));
    return found && imageStatus(found);
  };

  return {
    status,
    list: async () =>
      (await engine.call((docker, abortSignal) => docker.listImages({ abortSignal }))).map(imageSummary),
    pull: (reference, auth, signal) => dockerPull(engine, reference, auth, signal),
    load: (tar, signal) => dockerLoad(engine, tar, signal),
    remove: async (reference) => {
      const name = engineReference(reference);
      await orGone(engine.call((docker, abortSignal) => docker.getImage(name).remove({ abortSignal })));
    },
  };
}

const imageSummary = ({ Id, RepoTags, RepoDigests, Size }: Facts): ImageSummary => ({
  id: Id,
  tags: named(RepoTags ?? []),
  digests: named(RepoDigests ?? []),
  sizeBytes: Size,
});

const imageStatus = ({ Config, ...facts }: ImageInspectInfo): ImageStatus => ({
  ...imageSummary(facts),
  user: Config?.User ?? '',
  command: [Config?.Entrypoint ?? []].flat(),
  args: Config?.Cmd ?? [],
});

/** Docker writes `<none>` for an image without a name. */
const named = (references: readonly string[]): string[] =>
  references.filter((reference) => !reference.startsWith('<none>')).map(fullName);
