import type { Logger } from '../../meta/logger.ts';
import type { Pod } from '../../meta/types.ts';
import type { PodSources } from '../environment/pod-sources.ts';
import type { ImagePuller, PullObserver } from './image-puller.ts';

type Options = { puller: ImagePuller; sources: PodSources; logger: Logger };

/** Makes images present before a pod needs them. What fails is tried again when somebody asks again, after its pause, and by the pod itself. */
export async function pullAhead({ puller, sources, logger }: Options, pod: Pod): Promise<void> {
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  for (const { image: reference = '', imagePullPolicy } of [...initContainers, ...containers]) {
    if (imagePullPolicy === 'Never') continue;
    const { credentials } = sources.credentials(pod, reference);
    const request = { reference, policy: 'IfNotPresent', asker: 'ahead', credentials };
    await puller.ensure(request, quietly(logger, reference), () => undefined);
  }
}

/** There is no pod yet that events could tell of. */
const quietly = (logger: Logger, reference: string): PullObserver => ({
  present: () => undefined,
  neverPulled: () => undefined,
  invalidName: () => undefined,
  pulling: () => logger.info({ image: reference }, 'pulling an image ahead of its use'),
  pulled: () => undefined,
  progress: () => undefined,
  failed: (message) => logger.warn({ image: reference, message }, 'cannot pull an image ahead of its use'),
  backOff: () => undefined,
});
