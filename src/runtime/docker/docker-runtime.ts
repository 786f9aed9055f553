import type { ContainerRuntime, RuntimeInfo } from '../../domain/container-runtime/container-runtime.ts';
import { isAtLeast } from './api-version.ts';
import { dockerContainers } from './docker-containers.ts';
import { type DockerEngine, dockerEngine } from './docker-engine.ts';
import { dockerEvents } from './docker-events.ts';
import { dockerImages } from './docker-images.ts';
import { dockerNetworks } from './docker-networks.ts';
import { dockerSandboxes } from './docker-sandboxes.ts';
import { dockerVolumes } from './docker-volumes.ts';

export type DockerRuntimeOptions = {
  socketPath: string;
  /** Image of the pause containers and of relays, present on the engine, with catatonit and busybox in its path. */
  sandboxImage: () => Promise<string> | string;
};

/** Docker, API 1.41 and newer. Connects when first asked. */
export function dockerRuntime({ socketPath, sandboxImage }: DockerRuntimeOptions): ContainerRuntime {
  const engine = dockerEngine(socketPath);
  return {
    sandboxes: dockerSandboxes(engine, sandboxImage),
    containers: dockerContainers(engine),
    images: dockerImages(engine),
    volumes: dockerVolumes(engine),
    networks: dockerNetworks(engine),
    events: (signal, since) => dockerEvents(engine, signal, since),
    info: () => dockerInfo(engine),
  };
}

type SystemInfo = {
  OperatingSystem: string;
  NCPU: number;
  MemTotal: number;
  DockerRootDir: string;
  SecurityOptions?: string[];
  /** `none` where it may not use cgroups. */
  CgroupDriver: string;
};

async function dockerInfo(engine: DockerEngine): Promise<RuntimeInfo> {
  const version = await engine.call((docker) => docker.version());
  const system = await engine.call((docker) => docker.info() as Promise<SystemInfo>);
  const has = (name: string): boolean =>
    (system.SecurityOptions ?? []).some((option) => option.split(',')[0] === `name=${name}`);
  return {
    name: 'docker',
    version: version.Version,
    operatingSystem: system.OperatingSystem,
    kernelVersion: version.KernelVersion,
    architecture: version.Arch,
    cpus: system.NCPU,
    memoryBytes: system.MemTotal,
    rootDirectory: system.DockerRootDir,
    capabilities: {
      restartBackoff: true,
      reportsOomKilled: true,
      imageVolumes: isAtLeast(version.ApiVersion, '1.48'),
      // Kernels before 5.12 refuse then; the container shows that.
      recursiveReadOnlyMounts: isAtLeast(version.ApiVersion, '1.44'),
      // 20.10 has no such options; newer ones were not tried.
      interfaceIdentity: false,
      rootless: has('rootless'),
      resourceLimits: system.CgroupDriver !== 'none',
      ambientCapabilities: false,
      appArmor: has('apparmor'),
    },
  };
}
