/** OCI image layout and manifests (opencontainers/image-spec), as far as they lead to layers. */

export type Descriptor = {
  mediaType?: string;
  digest: string;
  annotations?: Record<string, string>;
};

export type DockerManifest = { Config: string; RepoTags: string[]; Layers: string[] };

/** An index may hold the index of an image for several platforms. */
const MOST_DEPTH = 3;

type Index = { manifests?: Descriptor[] };
type ImageManifest = { config?: Descriptor; layers?: Descriptor[] };

/**
 * What Docker's own manifest.json would say of these images; Docker before 25 reads no other. `texts` are the small files of the archive, by path. Of images
 * for several platforms it takes those whose manifests are in the archive. Pure.
 */
export function dockerManifest(texts: ReadonlyMap<string, string>): DockerManifest[] {
  const blob = <T>(digest: string): T | undefined => json<T>(texts.get(blobPath(digest)));
  const images = (descriptors: readonly Descriptor[], name: string | undefined, depth = 0): DockerManifest[] =>
    descriptors.flatMap(({ digest, annotations }) => {
      const own =
        annotations?.['io.containerd.image.name'] ?? annotations?.['org.opencontainers.image.ref.name'] ?? name;
      const found = blob<Index & ImageManifest>(digest);
      if (found?.manifests) return depth < MOST_DEPTH ? images(found.manifests, own, depth + 1) : [];
      if (!found?.config || !found.layers) return [];
      return [
        {
          Config: blobPath(found.config.digest),
          RepoTags: own !== undefined && own.includes(':') ? [own] : [],
          Layers: found.layers.map((layer) => blobPath(layer.digest)),
        },
      ];
    });
  return images(json<Index>(texts.get('index.json'))?.manifests ?? [], undefined);
}

const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

function json<T>(text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
