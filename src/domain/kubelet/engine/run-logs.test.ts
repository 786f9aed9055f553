import { describe, expect, it } from 'vitest';
import type { ContainerExit, ContainerState, ContainerStatus, LogOptions } from '../../container-runtime/container.ts';
import type { Pod } from '../../meta/types.ts';
import { currentLogs, previousLogs } from './run-logs.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const exit: ContainerExit = { code: 1, oomKilled: false, error: '', startedAt: at(10), finishedAt: at(20) };
const early = (seconds: number) => new Date(at(seconds).getTime() - 50);
const podWith = (lastState: object, restartCount = 1): Pod => ({
  status: {
    containerStatuses: [
      { name: 'a', containerID: 'docker://1', image: '', imageID: '', ready: true, restartCount, lastState },
    ],
  },
});
const crashed = podWith({ terminated: { exitCode: 1 } }, 2);

async function* noLines(): AsyncGenerator<never> {
  yield* [];
}

type Given = { options?: Partial<LogOptions>; createdAt?: Date; state?: ContainerState };
const running: ContainerState = { kind: 'running', startedAt: at(30), previousEnd: at(20) };

/** With what options the engine was asked. */
async function asked(
  logs: typeof currentLogs,
  pod: Pod,
  last: ContainerExit | undefined,
  { options = {}, createdAt = at(0), state = running }: Given = {},
) {
  const calls: LogOptions[] = [];
  const containers = {
    status: async () => ({ id: '1', createdAt, state }) as ContainerStatus,
    logs: (_id: string, given: LogOptions) => {
      calls.push(given);
      return noLines();
    },
  };
  const runs = { pod, container: 'a', exit: last };
  const entries = await logs(containers, runs, { follow: true, ...options }, AbortSignal.timeout(30_000));
  if (entries) await Array.fromAsync(entries);
  return calls[0];
}

describe('the run before', () => {
  it('is cut out of the log', async () => {
    expect(await asked(previousLogs, crashed, exit, { options: { tail: 3 } })).toEqual({
      follow: false,
      tail: 3,
      since: early(10),
      until: new Date(at(20).getTime() + 50),
    });
    expect((await asked(previousLogs, crashed, exit, { options: { since: at(15) } }))?.since).toEqual(at(15));
  });

  it('is not cut at its beginning where it was the first: it may have written before it was said to have started', async () => {
    const once = podWith({ terminated: { exitCode: 1 } });
    expect(await asked(previousLogs, once, exit)).toEqual({ follow: false, until: new Date(at(20).getTime() + 50) });
  });

  it('is all before the present run where nobody saw it end', async () => {
    expect(await asked(previousLogs, podWith({}), undefined)).toEqual({ follow: false, until: at(25) });
  });

  it('is none of containers that never ran before, ended for good, or were replaced', async () => {
    const first: ContainerState = { kind: 'running', startedAt: at(30) };
    expect(await asked(previousLogs, podWith({}), undefined, { state: first })).toBeUndefined();
    expect(await asked(previousLogs, podWith({}), exit, { state: { kind: 'exited', exit } })).toBeUndefined();
    expect(await asked(previousLogs, crashed, exit, { createdAt: at(21), state: first })).toBeUndefined();
  });
});

describe('the present run', () => {
  it('begins after the end of the one before, and can be followed', async () => {
    expect(await asked(currentLogs, crashed, exit)).toEqual({ follow: true, since: at(25) });
    expect((await asked(currentLogs, crashed, exit, { options: { since: at(28) } }))?.since).toEqual(at(28));
    const options = { follow: false, tail: 3 };
    expect(await asked(currentLogs, crashed, exit, { options })).toEqual({ ...options, since: at(25) });
  });

  it('is the whole log where it is the first, also once it has ended', async () => {
    const first: ContainerState = { kind: 'running', startedAt: at(30) };
    expect(await asked(currentLogs, podWith({}), undefined, { state: first })).toEqual({ follow: true });
    const ended = podWith({}, 0);
    expect(await asked(currentLogs, ended, exit, { state: { kind: 'exited', exit } })).toEqual({ follow: true });
    expect(await asked(currentLogs, podWith({}), undefined, { state: { kind: 'created' } })).toEqual({ follow: true });
  });

  it('is the last one of a container that has ended', async () => {
    expect(await asked(currentLogs, crashed, exit, { state: { kind: 'restarting', exit } })).toEqual({
      follow: true,
      since: early(10),
    });
  });

  it('is the one that crashed where the kubelet ended the next', async () => {
    const held: ContainerState = { kind: 'exited', exit: { ...exit, startedAt: at(21), finishedAt: at(22) } };
    const until = new Date(at(20).getTime() + 50);
    const options = { follow: false };
    const once = podWith({ terminated: { exitCode: 1 } });
    for (const pod of [once, crashed])
      for (const logs of [currentLogs, previousLogs])
        expect(await asked(logs, pod, exit, { state: held, options })).toEqual({ ...options, since: early(10), until });
  });
});
