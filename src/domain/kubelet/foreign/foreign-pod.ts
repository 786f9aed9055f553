import type { ContainerStatus, ObservedConfig } from '../../container-runtime/container.ts';
import type { PortMapping } from '../../container-runtime/pod-sandbox.ts';
import { formatQuantity } from '../../meta/quantity.ts';
import type { Container, Pod, PodSpec } from '../../meta/types.ts';
import { foreignAnnotation } from '../../resources/foreign-pod.ts';
import { foreignEnvironment } from './foreign-environment.ts';
import type { ForeignGroup } from './foreign-group.ts';
import { foreignLabels } from './foreign-labels.ts';
import { containerNames } from './foreign-names.ts';
import { foreignVolumes } from './foreign-volumes.ts';

/** Containers that somebody else made, in Kubernetes' words: as they are, so that a pod made from the same spec would be like them. */
export function foreignPod(group: ForeignGroup, name: string, nodeName: string): Pod & { spec: PodSpec } {
  const { labels, annotations } = foreignLabels(group.labels);
  const names = containerNames(group.containers);
  const { volumes, mountsOf } = foreignVolumes(group);
  const [first] = group.containers;
  const hostname = hostnameOf(first!);
  return {
    metadata: {
      name,
      namespace: 'default',
      labels,
      annotations: { ...annotations, [foreignAnnotation]: group.id },
    },
    spec: {
      nodeName,
      restartPolicy: restartPolicy(group.containers),
      ...(first!.hostNetwork ? { hostNetwork: true } : {}),
      ...(group.containers.some(({ config }) => config.hostPid) ? { hostPID: true } : {}),
      ...(group.containers.some(({ config }) => config.hostIpc) ? { hostIPC: true } : {}),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...(hostname === undefined ? {} : { hostname }),
      containers: group.containers.map((container, index) => ({
        ...containerOf(container, names.get(container.id)!, name),
        ...unlessEmpty('ports', [...container.config.ports, ...(index === 0 ? group.ports : [])].map(portOf)),
        ...unlessEmpty('volumeMounts', mountsOf(container)),
      })),
      ...unlessEmpty('volumes', volumes),
    },
  };
}

/** As clients write it back, so that what they did not change is the same. */
const unlessEmpty = <K extends string, T>(key: K, list: T[]) =>
  (list.length > 0 ? { [key]: list } : {}) as Partial<Record<K, T[]>>;

const policies = { no: 'Never', 'on-failure': 'OnFailure', always: 'Always' } as const;

/** A pod has one policy: that of the container which is kept alive most. */
function restartPolicy(containers: readonly ContainerStatus[]): string {
  const all = containers.map(({ config }) => config.restart);
  return policies[(['always', 'on-failure'] as const).find((policy) => all.includes(policy)) ?? 'no'];
}

/** Docker names a host by the container's id when nobody else does; on the host's network it is the host's own name. */
function hostnameOf({ id, hostNetwork, config: { hostname } }: ContainerStatus): string | undefined {
  const isGiven = !hostNetwork && hostname !== '' && !id.startsWith(hostname);
  return isGiven && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(hostname) && hostname.length <= 63 ? hostname : undefined;
}

function containerOf({ image, config }: ContainerStatus, name: string, podName: string): Container {
  const limits = {
    ...(config.resources.memoryBytes === undefined ? {} : { memory: memory(config.resources.memoryBytes) }),
    ...(config.resources.cpuMillis === undefined
      ? {}
      : {
          cpu: formatQuantity({
            nano: BigInt(Math.round(config.resources.cpuMillis)) * 10n ** 6n,
            format: 'DecimalSI',
          }),
        }),
  };
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    ...(config.command.length > 0 ? { command: config.command.map(literal) } : {}),
    ...(config.args.length > 0 ? { args: config.args.map(literal) } : {}),
    ...unlessEmpty('env', foreignEnvironment(config.env, podName, name)),
    ...(config.workingDir === '' ? {} : { workingDir: config.workingDir }),
    ...(config.tty ? { tty: true } : {}),
    ...(config.stdin ? { stdin: true } : {}),
    resources: Object.keys(limits).length > 0 ? { limits } : {},
    ...securityContext(config),
  };
}

const memory = (bytes: number): string => formatQuantity({ nano: BigInt(bytes) * 10n ** 9n, format: 'BinarySI' });

/** Else `$(NAME)` would be taken for a variable's value. */
const literal = (word: string): string => word.replaceAll('$(', '$$$(');

const portOf = (port: PortMapping) => ({
  containerPort: port.containerPort,
  ...(port.hostPort > 0 ? { hostPort: port.hostPort } : {}),
  ...(port.hostIp ? { hostIP: port.hostIp } : {}),
  protocol: port.protocol.toUpperCase(),
});

function securityContext(config: ObservedConfig): Pick<Container, 'securityContext'> {
  const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(config.user) ?? [];
  const capabilities = {
    ...(config.capAdd.length > 0 ? { add: [...config.capAdd] } : {}),
    ...(config.capDrop.length > 0 ? { drop: [...config.capDrop] } : {}),
  };
  const context = {
    ...(config.privileged ? { privileged: true } : {}),
    ...(uid === undefined ? {} : { runAsUser: Number(uid) }),
    ...(gid === undefined ? {} : { runAsGroup: Number(gid) }),
    ...(config.readOnlyRootfs ? { readOnlyRootFilesystem: true } : {}),
    ...(Object.keys(capabilities).length > 0 ? { capabilities } : {}),
  };
  return Object.keys(context).length > 0 ? { securityContext: context } : {};
}
