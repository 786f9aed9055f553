import type { Volumes, VolumeSpec, VolumeStatus } from '../../domain/container-runtime/volume.ts';
import { volumeStatus } from './from-libpod.ts';
import type { LibpodVolume } from './libpod-answers.ts';
import { labelFilter, type LibpodClient, path } from './libpod-client.ts';
import { isRuntimeError } from './libpod-error.ts';
import { pageBytes } from './page-bytes.ts';

export function podmanVolumes(client: LibpodClient): Volumes {
  return {
    async create(spec) {
      try {
        await client.post('/volumes/create', { body: await volumeToLibpod(spec) });
      } catch (error) {
        if (!isRuntimeError(error, 'AlreadyExists')) throw error;
      }
    },
    async remove(name) {
      await client.delete(path`/volumes/${name}`);
    },
    async status(name) {
      const found = await client.find<LibpodVolume>(path`/volumes/${name}/json`);
      return found?.Name === name ? volumeStatus(found) : undefined;
    },
    async list(labels) {
      const listed = await client.get<LibpodVolume[] | null>('/volumes/json', { query: labelFilter(labels) });
      // 4.3 gives volumes that have any of several labels.
      const hasAll = (found: VolumeStatus) =>
        Object.entries(labels).every(([key, value]) => found.labels[key] === value);
      return (listed ?? []).map(volumeStatus).filter(hasAll);
    },
  };
}

/** Podman gives a volume to the user of the first container that has it, unless it was told whose it is (libpod fixVolumePermissions). */
const staysRoots = 'uid=0,gid=0';

async function volumeToLibpod({ name, labels, tmpfs, folder }: VolumeSpec) {
  const volume = { Name: name, Labels: labels };
  if (folder !== undefined) return { ...volume, Options: { type: 'none', o: `bind,${staysRoots}`, device: folder } };
  return tmpfs ? { ...volume, Options: { type: 'tmpfs', device: 'tmpfs', o: await tmpfsOptions(tmpfs) } } : volume;
}

/** Podman 4.3 takes `size=` for a disk quota and refuses it; the kernel counts the same in pages. */
async function tmpfsOptions({ sizeBytes, group }: NonNullable<VolumeSpec['tmpfs']>): Promise<string> {
  const mode = group === undefined ? `${staysRoots},mode=1777` : `uid=0,gid=${group},mode=3777`;
  return sizeBytes === undefined ? mode : `${mode},nr_blocks=${Math.ceil(sizeBytes / (await pageBytes()))}`;
}
