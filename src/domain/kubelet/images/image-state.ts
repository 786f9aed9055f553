import type { WaitingReason } from '../status/waiting-reason.ts';
import type { PullObserver } from './pull-request.ts';

export type ImageState =
  | { kind: 'present'; imageId: string }
  /** The caller is woken when it changes; `retryAt` in milliseconds since 1970 is when the next pull may begin. */
  | { kind: 'waiting'; waiting: WaitingReason; retryAt?: number };

const waitingFor = (reason: string, message: string): ImageState => ({ kind: 'waiting', waiting: { reason, message } });

export const creating: ImageState = { kind: 'waiting', waiting: { reason: 'ContainerCreating' } };

export function neverPull(reference: string, observer: PullObserver): ImageState {
  observer.neverPulled();
  return waitingFor('ErrImageNeverPull', `Container image "${reference}" is not present with pull policy of Never`);
}

export function invalidName(reference: string, observer: PullObserver): ImageState {
  const message = `Failed to apply default image tag "${reference}": couldn't parse image name "${reference}": invalid reference format`;
  observer.invalidName(message);
  return waitingFor('InvalidImageName', message);
}

/** The first moments after a failure show the failure, later ones the pause (kubectl users know both). */
export function backOff(
  reference: string,
  pull: { message: string; attempts: number; retryAt: number },
  observer: PullObserver,
): ImageState {
  const { retryAt } = pull;
  if (pull.attempts === 1)
    return { kind: 'waiting', waiting: { reason: 'ErrImagePull', message: pull.message }, retryAt };
  const message = `Back-off pulling image "${reference}": ErrImagePull: ${pull.message}`;
  observer.backOff(message);
  return { kind: 'waiting', waiting: { reason: 'ImagePullBackOff', message }, retryAt };
}
