import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ExecSpec } from '../../../src/domain/container-runtime/process.ts';
import { readProcess, readUntil } from './read-process.ts';
import type { RuntimeBed } from './runtime-bed.ts';

const megabyte = 1024 * 1024;

/** Further processes in a container that runs. */
export function execCases({ test, runtime, spec, start, eventually }: RuntimeBed): void {
  const sleeper = () => start(spec('trap "exit 0" TERM; while :; do sleep 1 & wait; done'));
  const exec = (
    id: string,
    command: string[],
    options: Partial<ExecSpec> = {},
    signal = AbortSignal.timeout(200_000),
  ) => runtime().containers.exec(id, { command, tty: false, stdin: false, ...options }, signal);
  const sh = async (id: string, script: string, options: Partial<ExecSpec> = {}) =>
    exec(id, ['sh', '-c', script], options);

  test('what goes in comes out, and ends when the input does', async () => {
    const session = await exec(await sleeper(), ['cat'], { stdin: true });
    const read = readProcess(session);
    await session.write(Buffer.from('one\n'));
    await session.write(Buffer.from('two'));
    await session.endInput();
    expect(await read).toEqual({ stdout: 'one\ntwo', stderr: '' });
    expect(await session.exitCode()).toBe(0);
  });

  test('the output still arrives when the input has ended', async () => {
    const session = await sh(await sleeper(), 'cat >/dev/null; sleep 0.5; echo end', { stdin: true });
    await session.endInput();
    expect(await readProcess(session)).toEqual({ stdout: 'end\n', stderr: '' });
  });

  test('both streams, apart, and the exit code', async () => {
    const session = await sh(await sleeper(), 'echo out; echo err >&2; exit 3');
    expect(await readProcess(session)).toEqual({ stdout: 'out\n', stderr: 'err\n' });
    expect(await session.exitCode()).toBe(3);
  });

  test('a process killed by a signal has 128 more', async () => {
    const session = await sh(await sleeper(), 'kill -9 $$');
    await readProcess(session);
    expect(await session.exitCode()).toBe(137);
  });

  test('the exit code of one that closed its output before', async () => {
    const session = await sh(await sleeper(), 'exec >&- 2>&-; sleep 1; exit 4');
    await readProcess(session);
    expect(await session.exitCode()).toBe(4);
  });

  test('a command that does not exist ends with 126 or 127', async () => {
    const session = await exec(await sleeper(), ['/no/such/program']);
    const { stdout, stderr } = await readProcess(session);
    expect(stdout + stderr).toContain('/no/such/program');
    expect([126, 127]).toContain(await session.exitCode());
  });

  test('50 MB there and back, unchanged, for a reader that is slow at first', async () => {
    const session = await exec(await sleeper(), ['cat'], { stdin: true });
    const [sent, got] = [createHash('sha256'), createHash('sha256')];
    let [taken, received] = [0, 0];
    const writing = (async () => {
      for (let index = 0; index < 50 * 16; index += 1) {
        const piece = randomBytes(megabyte / 16);
        sent.update(piece);
        await session.write(piece);
        taken += piece.length;
      }
      await session.endInput();
    })();
    const before = await eventually('nothing more fits into the engine and the pipes', async () => {
      const seen = taken;
      await delay(500);
      return taken === seen && taken > 0 ? taken : undefined;
    });
    expect(before).toBeLessThan(20 * megabyte);
    for await (const { data } of session.output) {
      got.update(data);
      received += data.length;
    }
    await writing;
    expect(received).toBe(50 * megabyte);
    expect(got.digest('hex')).toBe(sent.digest('hex'));
    expect(await session.exitCode()).toBe(0);
  });

  test('a process that does not read its input loses none of its output', async () => {
    const session = await sh(await sleeper(), 'head -c 3000000 /dev/zero; exit 5', { stdin: true });
    const writing = (async () => {
      for (let index = 0; index < 20; index += 1) await session.write(randomBytes(megabyte));
    })();
    let received = 0;
    for await (const { data } of session.output) received += data.length;
    await writing;
    expect(received).toBe(3_000_000);
    expect(await session.exitCode()).toBe(5);
  });

  test('a terminal has the size that it is given', async () => {
    const session = await exec(await sleeper(), ['sh'], { tty: true, stdin: true });
    await session.resize({ columns: 123, rows: 45 });
    const reader = session.output[Symbol.asyncIterator]();
    await session.write(Buffer.from('stty size; tty\n'));
    expect(await readUntil(reader, /pts\/\d/)).toContain('45 123');
    await session.resize({ columns: 80, rows: 24 });
    await session.write(Buffer.from('stty size; exit 7\n'));
    await readUntil(reader, /24 80/);
    while (!(await reader.next()).done);
    expect(await session.exitCode()).toBe(7);
    await session.resize({ columns: 1, rows: 1 });
  });

  test('every control key reaches the process', async () => {
    const session = await exec(await sleeper(), ['sh', '-c', 'stty raw -echo; echo ready; head -c 6 | od -An -tx1'], {
      tty: true,
      stdin: true,
    });
    const reader = session.output[Symbol.asyncIterator]();
    await readUntil(reader, /ready/);
    for (const key of [0x10, 0x11, 0x03, 0x04, 0x1d, 0x1a]) await session.write(Buffer.from([key]));
    expect(await readUntil(reader, /1a/)).toContain('10 11 03 04 1d 1a');
    while (!(await reader.next()).done);
  });

  test('the signal ends the streams', async () => {
    const abort = new AbortController();
    const session = await exec(await sleeper(), ['sh', '-c', 'echo begun; sleep 600'], {}, abort.signal);
    const reader = session.output[Symbol.asyncIterator]();
    await readUntil(reader, /begun/);
    const next = reader.next();
    abort.abort();
    expect((await next).done).toBe(true);
    await expect(session.exitCode()).rejects.toThrow();
  });

  test('a reader that leaves ends the streams', async () => {
    const session = await sh(await sleeper(), 'yes', { stdin: true });
    for await (const { data } of session.output) {
      expect(data.toString()).toContain('y\n');
      break;
    }
    await session.write(Buffer.from('nobody hears this'));
    await session.endInput();
  });

  test('a container that goes meanwhile ends its processes', async () => {
    const id = await sleeper();
    const session = await sh(id, 'echo begun; sleep 600');
    const reader = session.output[Symbol.asyncIterator]();
    await readUntil(reader, /begun/);
    await runtime().containers.remove(id);
    while (!(await reader.next()).done);
    const code = await session.exitCode().catch((error: unknown) => error);
    if (typeof code === 'number') expect(code).not.toBe(0);
    else expect(code).toMatchObject({ code: 'NotFound' });
  });

  test('a container that does not run refuses', async () => {
    const id = await runtime().containers.create(spec('true'));
    await expect(exec(id, ['true'])).rejects.toMatchObject({ name: 'RuntimeError', code: 'Conflict' });
  });

  test('one that is gone is not found', async () => {
    const id = await runtime().containers.create(spec('true'));
    await runtime().containers.remove(id);
    await expect(exec(id, ['true'])).rejects.toMatchObject({ name: 'RuntimeError', code: 'NotFound' });
    await expect(exec('../x', ['true'])).rejects.toMatchObject({ name: 'RuntimeError', code: 'NotFound' });
  });

  test('many at once', async () => {
    const id = await sleeper();
    const run = async (index: number) => {
      const session = await sh(id, `echo ${index}; exit ${index}`);
      return [(await readProcess(session)).stdout, await session.exitCode()];
    };
    const indices = Array.from({ length: 8 }, (_, index) => index);
    expect(await Promise.all(indices.map(run))).toEqual(indices.map((index) => [`${index}\n`, index]));
  });
}
