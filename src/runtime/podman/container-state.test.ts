import { describe, expect, test } from 'vitest';
import { containerState } from './container-state.ts';
import type { LibpodContainer } from './libpod-answers.ts';

const startedAt = '2026-11-22T02:00:00.5Z';
const finishedAt = '2026-11-22T02:00:10Z';
const now = new Date('2026-11-22T02:00:11Z');

const inspected = (state: Partial<LibpodContainer['State']>, policy = 'no') =>
  ({
    State: { Status: 'exited', ExitCode: 0, StartedAt: startedAt, FinishedAt: finishedAt, ...state },
    HostConfig: { RestartPolicy: { Name: policy } },
  }) as LibpodContainer;

describe('containerState', () => {
  test('a running container has no exit', () => {
    const state = containerState(inspected({ Status: 'running', FinishedAt: '0001-01-01T00:00:00Z' }), now);
    expect(state).toEqual({ kind: 'running', startedAt: new Date(startedAt) });
  });

  test('a container that was started again tells when the run before ended', () => {
    const again = { Status: 'running', StartedAt: finishedAt, FinishedAt: startedAt };
    expect(containerState(inspected(again), now)).toEqual({
      kind: 'running',
      startedAt: new Date(finishedAt),
      previousEnd: new Date(startedAt),
    });
  });

  test('an exit has its code, words and times', () => {
    expect(containerState(inspected({ ExitCode: 137, OOMKilled: true, Error: 'why' }), now)).toEqual({
      kind: 'exited',
      exit: {
        code: 137,
        oomKilled: true,
        error: 'why',
        startedAt: new Date(startedAt),
        finishedAt: new Date(finishedAt),
      },
    });
  });

  test("Go's zero time is no time", () => {
    const state = containerState(inspected({ StartedAt: '0001-01-01T00:00:00Z' }), now);
    expect(state).toEqual({
      kind: 'exited',
      exit: { code: 0, oomKilled: false, error: '', finishedAt: new Date(finishedAt) },
    });
  });

  test.each([
    ['always', 0, {}, now, 'restarting'],
    ['unless-stopped', 0, {}, now, 'restarting'],
    ['on-failure', 1, {}, now, 'restarting'],
    ['on-failure', 0, {}, now, 'exited'],
    ['no', 1, {}, now, 'exited'],
    ['always', 0, { StoppedByUser: true }, now, 'exited'],
    ['always', 0, { Status: 'exited' }, now, 'exited'],
    ['always', 0, {}, new Date('2026-11-22T02:01:00Z'), 'exited'],
  ])('before its cleanup, policy %s, code %i, %o, at %s: %s', (policy, code, more, at, kind) => {
    expect(containerState(inspected({ Status: 'stopped', ExitCode: code, ...more }, policy), at).kind).toBe(kind);
  });
});
