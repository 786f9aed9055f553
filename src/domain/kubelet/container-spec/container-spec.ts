import type { ContainerSpec, Mount } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { expandVariables } from '../environment/expand-variables.ts';
import { containerLabels, engineName } from '../pod/pod-identity.ts';
import { resourcesOf } from './container-resources.ts';
import { groupsOf, securityOf, userOf } from './container-security.ts';
import { sandboxSpec, type PodContext } from './sandbox-spec.ts';

export type ContainerContext = PodContext & {
  container: Container;
  isInit: boolean;
  attempt: number;
  env: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
  /** The id of a running sandbox, if the pod has one. */
  sandboxId?: string;
};

/** One container as the engine must make it (kuberuntime_container.go generateContainerConfig). */
export function containerSpec(context: ContainerContext): ContainerSpec {
  const { pod, container, instance, ip, attempt, env } = context;
  const expanded = (words: readonly string[] | undefined) => words?.map((word) => expandVariables(word, env));
  const command = container.command?.length ? expanded(container.command) : undefined;
  const args = container.args?.length ? expanded(container.args) : undefined;
  const user = userOf(pod, container);
  return {
    name: engineName(pod, container.name),
    image: container.image ?? '',
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    env,
    ...(container.workingDir ? { workingDir: container.workingDir } : {}),
    ...(user === undefined ? {} : { user }),
    supplementalGroups: groupsOf(pod),
    labels: containerLabels(pod, container, instance, ip, attempt),
    mounts: context.mounts,
    devices: [],
    resources: resourcesOf(container),
    security: securityOf(container),
    restart: restartPolicy(pod, context.isInit),
    stopTimeoutSeconds: pod.spec?.terminationGracePeriodSeconds ?? 30,
    tty: container.tty ?? false,
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    sandbox:
      context.sandboxId === undefined
        ? { kind: 'own', spec: sandboxSpec(context) }
        : { kind: 'member', id: context.sandboxId },
  };
}

/**
 * The engine keeps the workload alive while k2d is away and after a reboot; `always` is the only policy that every engine
 * honours at boot. Init containers must not start again once they have succeeded.
 */
function restartPolicy(pod: Pod, isInit: boolean): ContainerSpec['restart'] {
  const policy = pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Never') return 'no';
  return policy === 'OnFailure' || isInit ? 'on-failure' : 'always';
}
