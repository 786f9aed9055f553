import type { Container, Pod } from '../../meta/types.ts';
import { fieldPathOf } from './container-kinds.ts';
import { giveUpAddress } from './give-up-address.ts';
import { graceOf, holdBack, nowOf, refusedByEngine, type PodScope, type Step } from './pod-scope.ts';

export async function startContainer(scope: PodScope, pod: Pod, container: Container, id: string): Promise<Step> {
  const { kubelet, memory } = scope;
  try {
    await kubelet.runtime.containers.start(id);
  } catch (error) {
    const { code, message } = refusedByEngine(error);
    if (code === 'AddressInUse') await giveUpAddress(kubelet, pod, id);
    memory.backoff.noteExit(container.name, nowOf(scope), 0);
    return holdBack(scope, pod, container, 'RunContainerError', message);
  }
  memory.release(container.name);
  memory.waiting.delete(container.name);
  kubelet.recorder.event(
    pod,
    'Normal',
    'Started',
    `Started container ${container.name}`,
    fieldPathOf(pod, container.name),
  );
  await kubelet.podStarted();
  return 'done';
}

/** Its postStart hook failed: it goes, and comes again when its policy wants that, each time after a longer pause. */
export async function failStart(scope: PodScope, pod: Pod, container: Container, id: string): Promise<void> {
  const { kubelet, memory, wake } = scope;
  memory.held.add(container.name);
  memory.backoff.noteExit(container.name, nowOf(scope), 0);
  memory.waiting.set(container.name, { reason: 'PostStartHookError', message: 'PostStartHook failed' });
  await scope.keep();
  await kubelet.ending
    .end(pod, container, id, graceOf(pod), 'FailedPostStartHook')
    .catch((error: unknown) => kubelet.logger.warn({ error, id }, 'cannot end a container'));
  wake.now();
}
