import type { Container, Pod } from '../../meta/types.ts';
import { graceOf, type PodScope } from './pod-scope.ts';

/** Ends and removes a container whose definition has changed; its status remembers how it ended. */
export async function replaceContainer(
  { uid, kubelet, memory, lastWords }: PodScope,
  pod: Pod,
  container: Container,
  id: string,
): Promise<void> {
  const { runtime, ending, index } = kubelet;
  const why = `Container ${container.name} definition changed, will be restarted`;
  await ending.end(pod, container, id, graceOf(pod), why);
  const ended = await runtime.containers.status(id);
  if (ended) {
    memory.noteExits({ containers: [ended] });
    await lastWords.read(pod, { containers: [ended] });
  }
  await runtime.containers.remove(id);
  index.removeContainer(uid, id);
  memory.backoff.forget(container.name);
  memory.given.delete(id);
  memory.resizes.delete(container.name);
}
