import { PostStartHooks } from '../hooks/post-start-hooks.ts';
import type { PodScope } from './pod-scope.ts';
import { failStart } from './start-container.ts';

/** The postStart hooks of the pod's containers; the memory knows for which runs they were. */
export const startHooks = (scope: PodScope): PostStartHooks =>
  new PostStartHooks(scope.kubelet.hookOptions, {
    doneBefore: (name) => scope.memory.hooked.get(name),
    done: (name, run) => {
      scope.memory.hooked.set(name, run);
      void scope.keep();
      scope.wake.now();
    },
    failed: (pod, container, id) => void failStart(scope, pod, container, id),
  });
