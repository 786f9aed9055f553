import type { Container, Pod } from '../../meta/types.ts';
import { mountedImages } from '../images/mounted-images.ts';
import { pullObserver, tellMissingSecrets } from '../images/pull-observer.ts';
import { fieldPathOf } from './container-kinds.ts';
import type { PodScope } from './pod-scope.ts';

/** The container's image and those that it mounts, pulled by their policies; undefined while one is not there. */
export async function ensureImages(
  scope: PodScope,
  pod: Pod,
  container: Container,
  attempt: number,
): Promise<string | undefined> {
  const image = await ensureImage(scope, pod, container, attempt);
  if (image === undefined) return undefined;
  for (const mounted of mountedImages(pod, container)) {
    if ((await ensureImage(scope, pod, mounted, attempt)) === undefined) return undefined;
  }
  return image;
}

async function ensureImage(
  { uid, kubelet, memory, wake }: PodScope,
  pod: Pod,
  container: Container,
  attempt: number,
): Promise<string | undefined> {
  const { puller, recorder, sources } = kubelet;
  const reference = container.image ?? '';
  const { credentials, missing } = sources.credentials(pod, reference);
  tellMissingSecrets(recorder, pod, missing);
  const state = await puller.ensure(
    {
      reference,
      policy: container.imagePullPolicy ?? 'IfNotPresent',
      asker: `${uid}/${container.name}/${attempt}`,
      credentials,
    },
    pullObserver(recorder, pod, container, fieldPathOf(pod, container.name)),
    () => wake.now(),
  );
  if (state.kind === 'present') {
    memory.waiting.delete(container.name);
    return reference;
  }
  memory.waiting.set(container.name, state.waiting);
  if (state.retryAt !== undefined) wake.by(state.retryAt);
  return undefined;
}
