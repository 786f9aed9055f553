import type { DeviceMapping, Mount, SeccompProfile } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { seccompOf } from '../container-spec/container-security.ts';
import { asksImage, containerUser, type ContainerUser } from '../container-spec/container-user.ts';
import { readSeccompFile, type SeccompFile } from '../container-spec/seccomp-file.ts';
import { resolveEnvironment } from '../environment/environment.ts';
import { ensureImages } from './container-images.ts';
import type { PodFiles } from './pod-files.ts';
import { holdBack, type PodScope } from './pod-scope.ts';

/** What a container is made of besides its spec. */
export type ContainerInputs = {
  image: string;
  env: Record<string, string>;
  user: string | undefined;
  seccomp: SeccompProfile | undefined;
  /** Of its volumes. */
  mounts: Mount[];
  devices: DeviceMapping[];
};

/** Gathers them in the kubelet's order; what is missing shows as the container's waiting reason. */
export async function gatherInputs(
  scope: PodScope,
  files: PodFiles,
  pod: Pod,
  { container, attempt }: { container: Container; attempt: number },
): Promise<ContainerInputs | 'waiting'> {
  const hold = (reason: string, message: string) => holdBack(scope, pod, container, reason, message);
  const image = await ensureImages(scope, pod, container, attempt);
  if (image === undefined) return 'waiting';
  const env = resolveEnvironment(pod, container, scope.kubelet.sources.of(pod));
  if (env.kind === 'missing') return hold('CreateContainerConfigError', env.message);
  const user = await userOf(scope, pod, container);
  if (user.kind === 'refused') return hold('CreateContainerConfigError', user.message);
  const seccomp = await profileOf(scope, pod, container);
  if (seccomp?.kind === 'missing') return hold('CreateContainerError', seccomp.message);
  const volumes = await files.prepare(pod);
  if (volumes === undefined) return 'waiting';
  const mounted = await volumes.of(container, env.env);
  if (mounted.kind === 'refused') return hold('CreateContainerConfigError', mounted.message);
  const { mounts, devices } = mounted;
  return { image, env: env.env, user: user.user, seccomp: seccomp?.profile, mounts, devices };
}

async function userOf({ kubelet }: PodScope, pod: Pod, container: Container): Promise<ContainerUser> {
  const image = asksImage(pod, container) ? await kubelet.runtime.images.status(container.image ?? '') : undefined;
  return containerUser(pod, container, image?.user ?? '');
}

async function profileOf({ kubelet }: PodScope, pod: Pod, container: Container): Promise<SeccompFile | undefined> {
  const profile = seccompOf(pod, container);
  return profile?.type === 'Localhost'
    ? readSeccompFile(kubelet.seccompFolder, profile.localhostProfile ?? '')
    : undefined;
}
