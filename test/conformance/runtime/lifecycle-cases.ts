import { expect } from 'vitest';
import type { RuntimeBed } from './runtime-bed.ts';

/** How a container ends, and what its engine does about it. */
export function lifecycleCases({ test, runtime, spec, start, status, exit, linesOf, eventually }: RuntimeBed): void {
  const containers = () => runtime().containers;

  test('an exit tells its code and its times', async () => {
    const before = Date.now();
    const ended = await exit(await start(spec('sleep 1; exit 42')));
    expect(ended).toMatchObject({ code: 42, oomKilled: false, error: '' });
    expect(ended.startedAt?.getTime()).toBeGreaterThan(before - 1000);
    expect(ended.finishedAt?.getTime()).toBeGreaterThan((ended.startedAt?.getTime() ?? 0) + 900);
  });

  test('a running container tells since when', async () => {
    const { state } = await status(await start(spec('sleep 60')));
    if (state.kind !== 'running') throw new Error(`it is ${state.kind}`);
    expect(Math.abs(state.startedAt.getTime() - Date.now())).toBeLessThan(10_000);
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
    expect(Date.now() - asked).toBeLessThan(15_000);
    expect((await status(id)).state).toMatchObject({ kind: 'exited', exit: { code: 137, oomKilled: false } });
  });

  test('a stopped container stays stopped under restart policy always, and starts again', async () => {
    const id = await start(spec('echo up; sleep 600', { restart: 'always' }));
    await containers().stop(id, 0);
    expect((await status(id)).state.kind).toBe('exited');
    await containers().start(id);
    expect((await status(id)).state.kind).toBe('running');
  });

  test('the engine restarts a container by its policy, and counts', async () => {
    const id = await start(spec('sleep 0.2; exit 3', { restart: 'always' }));
    const restarted = await eventually('two restarts', async () => {
      const seen = await status(id);
      return seen.restartCount >= 2 ? seen : undefined;
    });
    expect(['running', 'restarting', 'exited']).toContain(restarted.state.kind);
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
