import type {
  ContainerSpec,
  DeviceMapping,
  Mount,
  SandboxPlace,
  SeccompProfile,
} from '../../container-runtime/container.ts';
import type { Container } from '../../meta/types.ts';
import { expandVariables } from '../environment/expand-variables.ts';
import { attachmentLabels } from '../networks/pod-attachment.ts';
import type { ContainerKind } from '../pod/container-kinds.ts';
import { containerLabels, engineName } from '../pod/pod-identity.ts';
import { resourcesOf } from './container-resources.ts';
import { securityOf } from './container-security.ts';
import { groupsOf } from './container-user.ts';
import { realtimeSpec } from './realtime.ts';
import { restartPolicy } from './restart-policy.ts';
import type { PodContext } from './sandbox-spec.ts';

export type ContainerContext = PodContext & {
  container: Container;
  kind: ContainerKind;
  attempt: number;
  env: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
  devices: readonly DeviceMapping[];
  /** Undefined is what the image says. */
  user?: string | undefined;
  /** Of a profile that the pod names by its file. */
  seccomp?: SeccompProfile | undefined;
  sandbox: SandboxPlace;
};

/** One container as the engine must make it (kuberuntime_container.go generateContainerConfig). */
export function containerSpec(context: ContainerContext): ContainerSpec {
  const { pod, container, instance, ip, attempt, env, user } = context;
  const expanded = (words: readonly string[] | undefined) => words?.map((word) => expandVariables(word, env));
  const command = container.command?.length ? expanded(container.command) : undefined;
  const args = container.args?.length ? expanded(container.args) : undefined;
  return {
    name: engineName(pod, container.name),
    image: container.image ?? '',
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    env,
    ...(container.workingDir ? { workingDir: container.workingDir } : {}),
    ...(user === undefined ? {} : { user }),
    supplementalGroups: groupsOf(pod),
    labels: { ...containerLabels(pod, container, instance, ip, attempt), ...attachmentLabels(context.attachments) },
    mounts: context.mounts,
    devices: context.devices,
    resources: resourcesOf(container),
    ...realtimeSpec(pod, container),
    security: securityOf(pod, container, context.seccomp),
    restart: restartPolicy(pod, context.kind),
    ...(container.lifecycle?.stopSignal ? { stopSignal: container.lifecycle.stopSignal } : {}),
    stopTimeoutSeconds: pod.spec?.terminationGracePeriodSeconds ?? 30,
    tty: container.tty ?? false,
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    sandbox: context.sandbox,
  };
}
