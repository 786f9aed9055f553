import type { ContainerStatus, Mount } from '../../container-runtime/container.ts';
import { formatQuantity } from '../../meta/quantity.ts';
import type { Volume, VolumeMount } from '../../meta/types.ts';
import type { ForeignGroup } from './foreign-group.ts';

type Mounted = { volume: Volume; mount: VolumeMount };

/** The pod's volumes, and by container id where they are mounted. */
export function foreignVolumes({ containers, mountpoints }: ForeignGroup): {
  volumes: Volume[];
  mountsOf: (container: ContainerStatus) => VolumeMount[];
} {
  const volumes = new Map<string, Volume>();
  const mounts = new Map<string, VolumeMount[]>();
  for (const container of containers) {
    const all = [
      ...container.config.mounts.map((mount) => mounted(mount, mountpoints)),
      ...container.config.devices.map(device),
    ];
    const own = all.map(({ volume, mount }) => {
      // One place of the host, or one named volume, is one volume of the pod; what is private to a container never is.
      const source = volume.hostPath ? JSON.stringify(volume.hostPath) : `${container.id}:${mount.mountPath}`;
      const present = volumes.get(source) ?? { ...volume, name: `volume-${volumes.size}` };
      volumes.set(source, present);
      return { ...mount, name: present.name };
    });
    mounts.set(container.id, own);
  }
  return { volumes: [...volumes.values()], mountsOf: ({ id }) => mounts.get(id) ?? [] };
}

/** The engine names a volume that nobody gave a name. */
const isAnonymous = (volume: string): boolean => /^[0-9a-f]{64}$/.test(volume);

function mounted(mount: Mount, mountpoints: ForeignGroup['mountpoints']): Mounted {
  const at = { name: '', mountPath: mount.target };
  switch (mount.kind) {
    case 'bind':
      return {
        volume: { name: '', hostPath: { path: mount.source } },
        mount: { ...at, ...readOnly(mount), ...propagation(mount) },
      };
    case 'volume': {
      const path = isAnonymous(mount.volume) ? undefined : mountpoints.get(mount.volume);
      if (path === undefined) return { volume: { name: '', emptyDir: {} }, mount: { ...at, ...readOnly(mount) } };
      // Docker binds nothing of its own folder in any other way.
      const mountPropagation = 'HostToContainer';
      return { volume: { name: '', hostPath: { path } }, mount: { ...at, ...readOnly(mount), mountPropagation } };
    }
    case 'image': {
      const image = { reference: mount.image, pullPolicy: 'Never' };
      return { volume: { name: '', image }, mount: { ...at, ...readOnly(mount) } };
    }
    case 'tmpfs': {
      const size =
        mount.sizeBytes === undefined
          ? {}
          : { sizeLimit: formatQuantity({ nano: BigInt(mount.sizeBytes) * 10n ** 9n, format: 'BinarySI' }) };
      return { volume: { name: '', emptyDir: { medium: 'Memory', ...size } }, mount: at };
    }
  }
}

const device = (path: string): Mounted => ({
  volume: { name: '', hostPath: { path, type: 'CharDevice' } },
  mount: { name: '', mountPath: path },
});

const readOnly = (mount: { readOnly: boolean }) => (mount.readOnly ? { readOnly: true } : {});

const propagation = (mount: Mount & { kind: 'bind' }) =>
  mount.propagation === 'private' ? {} : { mountPropagation: 'HostToContainer' };
