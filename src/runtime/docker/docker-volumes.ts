import type { VolumeInspectInfo } from 'dockerode';
import type { VolumeSpec, Volumes, VolumeStatus } from '../../domain/container-runtime/volume.ts';
import type { DockerEngine } from './docker-engine.ts';
import { orGone } from './docker-error.ts';
import { isEngineName } from './engine-name.ts';
import { labelFilter } from './labels.ts';

export function dockerVolumes(engine: DockerEngine): Volumes {
  return {
    create: async (spec) => {
      // Docker answers with the volume of that name, if there is one, whatever was asked for.
      await engine.call((docker, abortSignal) => docker.createVolume({ ...volumeBody(spec), abortSignal }));
    },
    remove: async (name) => {
      if (!isEngineName(name)) return;
      await orGone(engine.call((docker, abortSignal) => docker.getVolume(name).remove({ abortSignal })));
    },
    status: async (name) => {
      if (!isEngineName(name)) return undefined;
      const found = await orGone(engine.call((docker) => docker.getVolume(name).inspect()));
      return found && volumeStatus(found);
    },
    list: async (labels) => {
      const filters = { label: labelFilter(labels) };
      const { Volumes: listed } = await engine.call((docker, abortSignal) =>
        docker.listVolumes({ filters, abortSignal }),
      );
      return (listed ?? []).map(volumeStatus);
    },
  };
}

function volumeBody({ name, labels, tmpfs, folder }: VolumeSpec) {
  const body = { Name: name, Driver: 'local', Labels: { ...labels } };
  if (folder !== undefined) return { ...body, DriverOpts: { type: 'none', o: 'bind', device: folder } };
  if (!tmpfs) return body;
  const options = [
    ...(tmpfs.sizeBytes === undefined ? [] : [`size=${tmpfs.sizeBytes}`]),
    ...(tmpfs.group === undefined ? ['mode=1777'] : [`gid=${tmpfs.group}`, 'mode=3777']),
  ];
  return { ...body, DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: options.join(',') } };
}

const volumeStatus = ({ Name, Labels, Mountpoint }: VolumeInspectInfo): VolumeStatus => ({
  name: Name,
  labels: Labels ?? {},
  mountpoint: Mountpoint,
});
