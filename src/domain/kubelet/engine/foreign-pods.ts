import type { ContainerRuntime } from '../../container-runtime/container-runtime.ts';
import type { ContainerStatus } from '../../container-runtime/container.ts';
import { toTime, type Clock } from '../../meta/clock.ts';
import { labelValue, qualifiedName } from '../../meta/names.ts';
import { keyOf } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { Container, Pod } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { foreignAnnotation } from '../../resources/foreign-pod.ts';
import { pods } from '../../resources/pod.ts';
import { podStatus } from '../status/pod-status.ts';
import { label } from '../pod/pod-identity.ts';

export type ForeignPodsOptions = {
  registry: Registry;
  runtime: ContainerRuntime;
  engine: string;
  nodeName: string;
  clock: Clock;
  hostIp(): string;
};

/** Shows containers that somebody else made as pods of namespace default, and removes them when their pod is deleted. */
export class ForeignPods {
  readonly #options: ForeignPodsOptions;
  readonly #busy = new Map<string, Promise<void>>();

  constructor(options: ForeignPodsOptions) {
    this.#options = options;
  }

  /** Looks at the container and makes its pod say the same. */
  sync(containerId: string): Promise<void> {
    return this.#inOrder(containerId, () => this.#syncNow(containerId));
  }

  /** The pod is gone from the registry: so must be the container, if it is not already. */
  remove(containerId: string): Promise<void> {
    return this.#inOrder(containerId, () => this.#options.runtime.containers.remove(containerId));
  }

  #inOrder(containerId: string, work: () => Promise<void>): Promise<void> {
    const mine = (this.#busy.get(containerId) ?? Promise.resolve()).then(work);
    const settled = mine.catch(() => undefined);
    this.#busy.set(containerId, settled);
    void settled.then(() => this.#busy.get(containerId) === settled && this.#busy.delete(containerId));
    return mine;
  }

  /** Ids of all containers that are shown at present. */
  shown(): string[] {
    return this.#options.registry
      .all(pods)
      .map((pod) => pod.metadata?.annotations?.[foreignAnnotation])
      .filter((id) => id !== undefined);
  }

  async #syncNow(containerId: string): Promise<void> {
    const { registry, runtime } = this.#options;
    const pod = this.#podOf(containerId);
    const found = await runtime.containers.status(containerId);
    if (!found || found.isSandbox) return pod && this.#forget(pod);
    if (pod?.metadata?.deletionTimestamp !== undefined) {
      await runtime.containers.stop(containerId, pod.metadata.deletionGracePeriodSeconds ?? 30);
      await runtime.containers.remove(containerId);
      return this.#forget(pod);
    }
    const shown = pod ?? (await registry.create(pods, this.#newPod(found)));
    const status = this.#statusOf(shown, found);
    await registry.update(pods, keyOf(shown), (current) => ({ ...current, status }), { subresource: 'status' });
  }

  #podOf(containerId: string): Pod | undefined {
    return this.#options.registry
      .all(pods, 'default')
      .find((pod) => pod.metadata?.annotations?.[foreignAnnotation] === containerId);
  }

  async #forget(pod: Pod): Promise<void> {
    const { uid } = pod.metadata!;
    await this.#options.registry
      .delete(pods, keyOf(pod), { gracePeriodSeconds: 0, ...(uid === undefined ? {} : { preconditions: { uid } }) })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }

  #newPod(found: ContainerStatus): Pod {
    const base = podName(found.name);
    const taken = this.#options.registry.find(pods, { namespace: 'default', name: base }) !== undefined;
    const name = taken ? `${base.slice(0, 240)}-${found.id.slice(0, 5)}` : base;
    return {
      metadata: {
        name,
        namespace: 'default',
        labels: validLabels(found.labels),
        annotations: { [foreignAnnotation]: found.id },
      },
      spec: {
        nodeName: this.#options.nodeName,
        restartPolicy: { no: 'Never', 'on-failure': 'OnFailure', always: 'Always' }[found.config.restart],
        hostNetwork: found.hostNetwork,
        automountServiceAccountToken: false,
        ...(found.config.hostname === '' ? {} : { hostname: found.config.hostname.slice(0, 63) }),
        containers: [containerOf(found)],
        volumes: found.config.mounts.map((mount, index) => ({
          name: `mount-${index}`,
          ...(mount.kind === 'bind' ? { hostPath: { path: mount.source } } : { emptyDir: {} }),
        })),
      },
    };
  }

  #statusOf(pod: Pod, found: ContainerStatus) {
    const name = pod.spec!.containers[0]!.name;
    const ip = found.addresses[0]?.ip ?? (found.hostNetwork ? this.#options.hostIp() : undefined);
    const shown = { ...found, labels: { [label.container]: name } };
    // How it ended is all that is known; whether the engine gave up or somebody stopped it is not.
    const ended = found.state.kind === 'exited' ? { restartPolicy: 'Never' } : {};
    const status = podStatus(
      { ...pod, spec: { ...pod.spec!, ...ended } },
      { containers: [shown] },
      {
        now: this.#options.clock.now(),
        engine: this.#options.engine,
        engineBacksOff: true,
        reportsOomKilled: true,
        isHeld: () => false,
        hostIp: this.#options.hostIp(),
        imageRef: ({ imageId }) => imageId,
        ...(ip === undefined ? {} : { podIp: ip }),
        waiting: new Map(),
        lastExits: found.state.kind === 'restarting' ? new Map([[name, found.state.exit]]) : new Map(),
        lastWords: () => undefined,
        givenTo: () => undefined,
        resizes: new Map(),
        probes: { ready: () => true, started: () => true },
      },
    );
    return { ...status, startTime: toTime(found.createdAt) };
  }
}

/** `My_App.1` becomes `my-app.1`: what Kubernetes allows and still reads the same. */
function podName(engineName: string): string {
  const name = engineName
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .split('.')
    .map((part) => part.replaceAll(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('.')
    .slice(0, 253);
  return name === '' ? 'container' : name;
}

const validLabels = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels).filter(([key, value]) => qualifiedName(key).length === 0 && labelValue(value).length === 0),
  );

function containerOf(found: ContainerStatus): Container {
  const { config } = found;
  const memory = config.resources.memoryBytes;
  const cpu = config.resources.cpuMillis;
  const limits = {
    ...(memory === undefined ? {} : { memory: String(memory) }),
    ...(cpu === undefined ? {} : { cpu: `${cpu}m` }),
  };
  return {
    name: podName(found.name).replaceAll('.', '-').slice(0, 63).replace(/-+$/, ''),
    image: found.image,
    imagePullPolicy: 'IfNotPresent',
    ...(config.command.length > 0 ? { command: [...config.command] } : {}),
    ...(config.args.length > 0 ? { args: [...config.args] } : {}),
    env: Object.entries(config.env).map(([name, value]) => ({ name, value })),
    ...(config.workingDir === '' ? {} : { workingDir: config.workingDir }),
    tty: config.tty,
    stdin: config.stdin,
    ports: config.ports.map((port) => ({
      containerPort: port.containerPort,
      ...(port.hostPort > 0 ? { hostPort: port.hostPort } : {}),
      ...(port.hostIp ? { hostIP: port.hostIp } : {}),
      protocol: port.protocol.toUpperCase(),
    })),
    resources: Object.keys(limits).length > 0 ? { limits } : {},
    ...(config.privileged ? { securityContext: { privileged: true } } : {}),
    volumeMounts: config.mounts.map((mount, index) => ({
      name: `mount-${index}`,
      mountPath: mount.target,
      ...(mount.kind !== 'tmpfs' && mount.readOnly ? { readOnly: true } : {}),
    })),
  };
}
