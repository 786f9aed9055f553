import type { ContainerRuntime } from '../../container-runtime/container-runtime.ts';
import type { ContainerStatus } from '../../container-runtime/container.ts';
import type { PortMapping } from '../../container-runtime/pod-sandbox.ts';
import { label } from '../pod/pod-identity.ts';

/** Containers that somebody else made and that share one network: what Kubernetes calls a pod. */
export type ForeignGroup = {
  /** Of the Podman pod, or of the container whose network it is. */
  id: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  /** Whose network it is first, then by age. */
  containers: readonly ContainerStatus[];
  ports: readonly PortMapping[];
  /** Where named volumes are on the host. */
  mountpoints: ReadonlyMap<string, string>;
};

/** No engine nests deeper; a ring cannot be made. */
const deepest = 8;

/** Compose and `--network container:x` name another container, which may itself share the network of a third. */
export async function networkOf({ containers }: ContainerRuntime, found: ContainerStatus): Promise<string> {
  let at = found;
  for (let depth = 0; depth < deepest && at.sandboxId !== undefined; depth++) {
    const next = await containers.status(at.sandboxId);
    if (!next || next.isSandbox) return at.sandboxId;
    at = next;
  }
  return at.id;
}

/** What is there of it; undefined when nothing is left. */
export async function observeGroup(
  runtime: ContainerRuntime,
  id: string,
  memberIds: readonly string[],
): Promise<ForeignGroup | undefined> {
  const all = await Promise.all(memberIds.map((member) => runtime.containers.status(member)));
  const present = all.filter((c) => c !== undefined);
  const containers = present.toSorted((a, b) => order(a, id) - order(b, id));
  const [first] = containers;
  if (!first) return undefined;
  const sandbox = await foreignSandbox(runtime, id, first);
  return {
    id,
    name: sandbox?.name ?? first.name,
    labels: Object.assign({}, ...containers.toReversed().map((c) => c.labels), sandbox?.labels),
    containers,
    ports: sandbox ? await portsOf(runtime, id) : [],
    mountpoints: await mountpointsOf(runtime, containers),
  };
}

const order = ({ id, createdAt }: ContainerStatus, network: string): number =>
  id === network ? -Infinity : createdAt.getTime();

/** A Podman pod, unless it is one of k2d's own that somebody put a container into. */
export async function foreignSandbox(runtime: ContainerRuntime, id: string, member?: { sandboxId?: string }) {
  if (member !== undefined && member.sandboxId !== id) return undefined;
  const sandbox = await runtime.sandboxes.status(id);
  return sandbox?.labels[label.instance] === undefined ? sandbox : undefined;
}

/** The ports of a Podman pod are published by its infra container. */
async function portsOf({ containers }: ContainerRuntime, sandboxId: string): Promise<readonly PortMapping[]> {
  const infra = (await containers.list()).filter((c) => c.isSandbox && c.sandboxId === sandboxId);
  const found = await Promise.all(infra.map(({ id }) => containers.status(id)));
  return found.flatMap((container) => container?.config.ports ?? []);
}

async function mountpointsOf(
  { volumes }: ContainerRuntime,
  containers: readonly ContainerStatus[],
): Promise<ReadonlyMap<string, string>> {
  const names = containers.flatMap(({ config }) =>
    config.mounts.flatMap((mount) => (mount.kind === 'volume' ? [mount.volume] : [])),
  );
  const found = await Promise.all([...new Set(names)].map((name) => volumes.status(name)));
  return new Map(found.flatMap((volume) => (volume ? [[volume.name, volume.mountpoint]] : [])));
}
