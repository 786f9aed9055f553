import { expect, it } from 'vitest';
import type { ContainerExit, ContainerStatus, LogOptions } from '../../container-runtime/container.ts';
import type { Pod } from '../../meta/types.ts';
import { previousLogs } from './previous-logs.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const exit: ContainerExit = { code: 1, oomKilled: false, error: '', startedAt: at(10), finishedAt: at(20) };
const podWith = (lastState: object): Pod => ({
  status: {
    containerStatuses: [
      { name: 'a', containerID: 'docker://1', image: '', imageID: '', ready: true, restartCount: 1, lastState },
    ],
  },
});
const crashed = podWith({ terminated: { exitCode: 1 } });

async function* noLines(): AsyncGenerator<never> {
  yield* [];
}

async function asked(pod: Pod, last: ContainerExit | undefined, options: Partial<LogOptions> = {}, createdAt = at(0)) {
  const calls: LogOptions[] = [];
  const containers = {
    status: async () => ({ id: '1', createdAt, state: { kind: 'running', startedAt: at(30) } }) as ContainerStatus,
    logs: (_id: string, given: LogOptions) => {
      calls.push(given);
      return noLines();
    },
  };
  const whole = { follow: true, ...options };
  const entries = await previousLogs(containers, pod, 'a', last, whole, AbortSignal.timeout(1000));
  if (entries) await Array.fromAsync(entries);
  return calls[0];
}

it('cuts the run that ended out of the log', async () => {
  const since = new Date(at(10).getTime() - 50);
  expect(await asked(crashed, exit, { tail: 3 })).toEqual({
    follow: false,
    tail: 3,
    since,
    until: new Date(at(20).getTime() + 50),
  });
  expect((await asked(crashed, exit, { since: at(15) }))?.since).toEqual(at(15));
});

it('cuts off the present run where nobody saw the one before it end', async () => {
  const restarted: Pod = {
    status: { containerStatuses: [{ ...podWith({}).status!.containerStatuses![0]!, state: { running: {} } }] },
  };
  expect(await asked(restarted, undefined)).toMatchObject({ until: new Date(at(30).getTime() - 50) });
});

it('has nothing of containers that never ran before, ended for good, or were replaced', async () => {
  expect(await asked(podWith({}), undefined)).toBeUndefined();
  expect(await asked(podWith({}), exit)).toBeUndefined();
  expect(await asked(crashed, exit, {}, at(21))).toBeUndefined();
});
