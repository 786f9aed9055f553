import type { Container, Pod } from '../../meta/types.ts';
import { beyondNode, resourcesOf } from '../container-spec/container-resources.ts';
import { givenBy } from '../container-spec/given-resources.ts';
import { nowOf, refusedByEngine, type PodScope, type Step } from './pod-scope.ts';

/** Gives a running container the resources that its spec asks for now. */
export async function resizeContainer(scope: PodScope, pod: Pod, container: Container, id: string): Promise<Step> {
  const { memory, wake } = scope;
  const { runtime, sources, recorder } = scope.kubelet;
  const excess = beyondNode(container, sources.of(pod).node);
  if (excess !== undefined) {
    memory.resizes.set(container.name, { kind: 'infeasible', message: excess });
    return 'waiting';
  }
  try {
    await runtime.containers.update(id, resourcesOf(container));
  } catch (error) {
    memory.resizes.set(container.name, { kind: 'failed', message: refusedByEngine(error).message });
    wake.by(nowOf(scope) + 30_000);
    return 'waiting';
  }
  memory.resizes.delete(container.name);
  memory.given.set(id, givenBy(container));
  await scope.keep();
  recorder.event(pod, 'Normal', 'ResizeCompleted', `Container ${container.name} has new resources`);
  return 'done';
}
