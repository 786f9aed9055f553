import { describe, expect, it } from 'vitest';
import type { ContainerStatus, Pod } from '../../meta/types.ts';
import { statusEvents } from './status-events.ts';

const status = (restartCount: number, state: ContainerStatus['state']): ContainerStatus => ({
  name: 'c',
  image: 'i',
  imageID: '',
  ready: false,
  restartCount,
  ...(state ? { state } : {}),
});

const reasons = (before: ContainerStatus | undefined, after: ContainerStatus): string[] => {
  const pod: Pod = {
    metadata: { name: 'web', namespace: 'plant', uid: 'u' },
    status: before ? { containerStatuses: [before] } : {},
  };
  return statusEvents(pod, { containerStatuses: [after] }).map(({ reason }) => reason);
};

const running = { running: {} };
const backOff = { waiting: { reason: 'CrashLoopBackOff' } };
const stopped = { terminated: { exitCode: 137, reason: 'Stopped' } };

describe('statusEvents', () => {
  it.each([
    ['a first start, which the kubelet tells itself', undefined, status(0, running), []],
    ['a restart by the engine', status(0, running), status(1, running), ['Started']],
    ['a pause before the next restart', status(0, running), status(0, backOff), ['BackOff']],
    ['the next pause', status(1, backOff), status(2, backOff), ['BackOff']],
    ['the same pause seen again', status(1, backOff), status(1, backOff), []],
    ['somebody’s hand', status(0, running), status(0, stopped), ['Stopped']],
    ['the same seen again', status(0, stopped), status(0, stopped), []],
  ])('%s', (_, before, after, expected) => expect(reasons(before, after)).toEqual(expected));

  it('tells of a pause and its end once each', () => {
    const paused = { reason: 'Paused', message: 'containers paused on the engine: [c]' };
    expect(statusEvents({ status: {} }, paused)).toEqual([{ type: 'Normal', ...paused }]);
    expect(statusEvents({ status: paused }, paused)).toEqual([]);
    expect(statusEvents({ status: paused }, {}).map(({ reason }) => reason)).toEqual(['Unpaused']);
  });

  it.each([
    ['by hand', '64Mi', ['ResourcesChanged']],
    ['as the spec asks', '32Mi', []],
  ])('limits changed %s', (_, memory, expected) => {
    const resized = (limit: string) => ({ ...status(0, running), resources: { limits: { memory: limit } } });
    const pod: Pod = {
      spec: { containers: [{ name: 'c', resources: { limits: { memory: '32Mi' } } }] },
      status: { containerStatuses: [resized('16Mi')] },
    };
    expect(statusEvents(pod, { containerStatuses: [resized(memory)] }).map(({ reason }) => reason)).toEqual(expected);
  });
});
