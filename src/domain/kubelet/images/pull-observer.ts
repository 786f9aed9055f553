import type { Container, KubernetesObject } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import { goDuration } from '../../meta/go-duration.ts';
import type { PullObserver } from './pull-request.ts';

/** Tells whom an image is for what happens to it (kubernetes pkg/kubelet/images/image_manager.go). */
export function pullObserver(
  recorder: EventRecorder,
  asker: KubernetesObject,
  { image = '' }: Container,
  fieldPath?: string,
): PullObserver {
  const normal = (reason: string, message: string) => recorder.event(asker, 'Normal', reason, message, fieldPath);
  const warn = (reason: string, message: string) => recorder.event(asker, 'Warning', reason, message, fieldPath);
  return {
    present: () =>
      normal('Pulled', `Container image "${image}" already present on machine and can be accessed by the pod`),
    neverPulled: () => warn('ErrImageNeverPull', `Container image "${image}" is not present with pull policy of Never`),
    invalidName: (message) => warn('InspectFailed', message),
    pulling: () => normal('Pulling', `Pulling image "${image}"`),
    progress: (message) => normal('Pulling', `Pulling image "${image}": ${message.slice(0, 200)}`),
    pulled: ({ pull, total }, sizeBytes) => {
      const size = sizeBytes === undefined ? '' : ` Image size: ${sizeBytes} bytes.`;
      const took = `${goDuration(pull)} (${goDuration(total)} including waiting).`;
      normal('Pulled', `Successfully pulled image "${image}" in ${took}${size}`);
    },
    failed: (message, usesLocal) => {
      warn(
        'Failed',
        `Failed to pull image "${image}": ${message}${usesLocal ? '; using the image that is present' : ''}`,
      );
      if (!usesLocal) warn('Failed', 'Error: ErrImagePull');
    },
    backOff: (message) => {
      normal('BackOff', message);
      warn('Failed', 'Error: ImagePullBackOff');
    },
  };
}

/** kubernetes pkg/kubelet/kubelet_pods.go getPullSecretsForPod */
export function tellMissingSecrets(recorder: EventRecorder, asker: KubernetesObject, names: readonly string[]): void {
  if (names.length === 0) return;
  recorder.event(
    asker,
    'Warning',
    'FailedToRetrieveImagePullSecret',
    `Unable to retrieve some image pull secrets (${names.join(', ')}); attempting to pull the image may not succeed.`,
  );
}
