import type { Pod } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { PullObserver } from './image-puller.ts';

/** Tells a pod's owner what happens to its image (kubernetes pkg/kubelet/images/image_manager.go). */
export const pullObserver = (recorder: EventRecorder, pod: Pod, image: string): PullObserver => ({
  pulling: () => recorder.event(pod, 'Normal', 'Pulling', `Pulling image "${image}"`),
  progress: (message) => recorder.event(pod, 'Normal', 'Pulling', `Pulling image "${image}": ${message.slice(0, 200)}`),
  pulled: (milliseconds) =>
    recorder.event(pod, 'Normal', 'Pulled', `Successfully pulled image "${image}" in ${milliseconds}ms`),
  failed: (message, usesLocal) =>
    recorder.event(
      pod,
      'Warning',
      'Failed',
      `Failed to pull image "${image}": ${message}${usesLocal ? '; using the image that is present' : ''}`,
    ),
});
