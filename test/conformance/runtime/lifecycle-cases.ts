import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { RuntimeBed } from './runtime-bed.ts';

/** How a container ends, and what its engine does about it. */
export function lifecycleCases(bed: RuntimeBed): void {
  const { test, runtime, spec, start, status, exit, linesOf, eventually, engineCli } = bed;
  const containers = () => runtime().containers;

  test('an exit tells its code and its times', async () => {
    const before = Date.now();
    const ended = await exit(await start(spec('sleep 4; exit 42')));
    expect(ended).toMatchObject({ code: 42, oomKilled: false, error: '' });
    expect(ended.startedAt?.getTime()).toBeGreaterThan(before - 1000);
    // The engine may write down late that it has started it.
    expect(ended.finishedAt?.getTime()).toBeGreaterThan((ended.startedAt?.getTime() ?? 0) + 900);
  });

  test('a running container tells since when', async () => {
    const { state } = await status(await start(spec('sleep 60')));
    if (state.kind !== 'running') throw new Error(`it is ${state.kind}`);
    expect(Math.abs(state.startedAt.getTime() - Date.now())).toBeLessThan(60_000);
  });

  test('stop sends SIGTERM and waits for the end within the grace', async () => {
    const id = await start(spec('trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done'));
    await linesOf(id, 'ready');
    await containers().stop(id, 20);
    expect((await status(id)).state).toMatchObject({ kind: 'exited', exit: { code: 7 } });
  });

  test("stop sends the container's own stop signal", async () => {
    const script = 'trap "exit 8" INT; trap "" TERM; echo ready; while :; do sleep 0.1; done';
    const id = await start(spec(script, { stopSignal: 'SIGINT' }));
    await linesOf(id, 'ready');
    await containers().stop(id, 20);
    expect((await status(id)).state).toMatchObject({ kind: 'exited', exit: { code: 8 } });
  });

  test('stop kills what outlives the grace', async () => {
    const id = await start(spec('trap "" TERM; echo ready; while :; do sleep 0.1; done', { stopTimeoutSeconds: 60 }));
    await linesOf(id, 'ready');
    const asked = Date.now();
    await containers().stop(id, 1);
    expect(Date.now() - asked).toBeLessThan(45_000);
    expect((await status(id)).state).toMatchObject({ kind: 'exited', exit: { code: 137, oomKilled: false } });
  });

  test('a stopped container stays stopped under restart policy always, and starts again', async () => {
    const id = await start(spec('echo up; sleep 600', { restart: 'always' }));
    await containers().stop(id, 0);
    expect((await status(id)).state.kind).toBe('exited');
    await containers().start(id);
    expect((await status(id)).state.kind).toBe('running');
  });

  test('a container that the engine restarts all the time is stopped for good', async () => {
    for (const runsFor of [0, 100, 200, 300]) {
      const id = await start(spec('exit 3', { restart: 'always' }));
      await delay(runsFor);
      await containers().stop(id, 0);
      const stopped = await status(id);
      expect(stopped.state.kind).toBe('exited');
      await delay(1500);
      expect(await status(id)).toEqual(stopped);
    }
  });

  test('restarts by policy are counted from the last start by a call', async () => {
    const id = await start(spec('sleep 0.2; test -e /restarted && sleep 600; touch /restarted', { restart: 'always' }));
    const state = await eventually('one restart', async () => {
      const seen = await status(id);
      return seen.restartCount === 1 && seen.state.kind === 'running' ? seen.state : undefined;
    });
    expect(state.previousEnd?.getTime()).toBeLessThan(state.startedAt.getTime());
    await containers().stop(id, 0);
    await containers().start(id);
    expect((await status(id)).restartCount).toBe(0);
  });

  test('a paused container is stopped, and removed, like any other', async () => {
    const [stopped, removed] = [await start(spec('sleep 600')), await start(spec('sleep 600'))];
    await engineCli('pause', stopped, removed);
    expect((await status(stopped)).state.kind).toBe('paused');
    await containers().stop(stopped, 1);
    expect((await status(stopped)).state.kind).toBe('exited');
    await containers().remove(removed);
    expect(await containers().status(removed)).toBeUndefined();
  });

  test('the engine restarts a container by its policy, and counts', async () => {
    const id = await start(spec('sleep 0.2; exit 3', { restart: 'always' }));
    const restarted = await eventually('two restarts', async () => {
      const seen = await status(id);
      return seen.restartCount >= 2 ? seen : undefined;
    });
    expect(['running', 'restarting', 'exited']).toContain(restarted.state.kind);
  });

  test('of two calls at once both succeed, and of two creations one', async () => {
    const wanted = spec('sleep 600');
    const created = await Promise.allSettled([containers().create(wanted), containers().create(wanted)]);
    expect(created.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(created.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'AlreadyExists' });
    const id = (await containers().status(wanted.name))?.id ?? '';
    for (const verb of ['start', 'stop', 'remove'] as const) {
      await Promise.all([containers()[verb](id, 1), containers()[verb](id, 1)]);
    }
    expect(await containers().status(id)).toBeUndefined();
  });

  test('policy on-failure leaves a success alone', async () => {
    const id = await start(spec('exit 0', { restart: 'on-failure' }));
    expect(await exit(id)).toMatchObject({ code: 0 });
    expect((await status(id)).restartCount).toBe(0);
  });

  test('a container that wants more memory than it may have is killed', async () => {
    const ended = await exit(
      await start(spec('', { command: ['tail', '/dev/zero'], resources: { memoryBytes: 16 * 1024 * 1024 } })),
    );
    const { reportsOomKilled } = (await runtime().info()).capabilities;
    expect(ended).toMatchObject({ code: 137, oomKilled: reportsOomKilled });
  });

  test('the engine tells about itself', async () => {
    const info = await runtime().info();
    expect(info).toMatchObject({
      name: expect.stringMatching(/^[a-z]+$/),
      version: expect.stringMatching(/^\d+\.\d+/),
    });
    expect(info.architecture).toBe({ x64: 'amd64', arm64: 'arm64', arm: 'arm' }[process.arch as 'x64']);
    expect(info.cpus).toBeGreaterThan(0);
    expect(info.memoryBytes).toBeGreaterThan(64 * 1024 * 1024);
    expect(info.rootDirectory).toMatch(/^\//);
    expect(info.kernelVersion).toMatch(/^\d+\./);
    expect(info.operatingSystem).not.toBe('');
  });
}
