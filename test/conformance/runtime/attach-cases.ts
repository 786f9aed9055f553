import { expect } from 'vitest';
import { readProcess, readUntil } from './read-process.ts';
import type { RuntimeBed } from './runtime-bed.ts';

/** The streams of a container's first process. */
export function attachCases({ test, runtime, spec, start, exit }: RuntimeBed): void {
  const attach = (id: string, stdin = false, signal = AbortSignal.timeout(60_000)) =>
    runtime().containers.attach(id, { stdin }, signal);

  test('before the start nothing is lost', async () => {
    const id = await runtime().containers.create(spec('echo out; echo err >&2; exit 3'));
    const streams = await attach(id);
    await runtime().containers.start(id);
    expect(await readProcess(streams)).toEqual({ stdout: 'out\n', stderr: 'err\n' });
    expect(await exit(id)).toMatchObject({ code: 3 });
  });

  test('after the start, with input that ends', async () => {
    const id = await start(spec('cat; echo end', { stdin: true, stdinOnce: true }));
    const streams = await attach(id, true);
    await streams.write(Buffer.from('hello\n'));
    await streams.endInput();
    expect(await readProcess(streams)).toEqual({ stdout: 'hello\nend\n', stderr: '' });
    await exit(id);
  });

  test('several see the same', async () => {
    const id = await start(spec('read line; echo "$line"', { stdin: true }));
    const [first, second] = [await attach(id, true), await attach(id)];
    const reading = Promise.all([readProcess(first), readProcess(second)]);
    await first.write(Buffer.from('hello\n'));
    expect((await reading).map(({ stdout }) => stdout)).toEqual(['hello\n', 'hello\n']);
  });

  test('a terminal', async () => {
    const id = await start(spec('while read line; do stty size; done', { tty: true, stdin: true }));
    const streams = await attach(id, true);
    const reader = streams.output[Symbol.asyncIterator]();
    await streams.resize({ columns: 123, rows: 45 });
    await streams.write(Buffer.from('\n'));
    await readUntil(reader, /45 123/);
    await runtime().containers.remove(id);
    while (!(await reader.next()).done);
  });

  test('the signal ends the streams, not the container', async () => {
    const abort = new AbortController();
    const id = await start(spec('while :; do echo line; sleep 0.1; done'));
    const { output } = await attach(id, false, abort.signal);
    for await (const { data } of output) {
      expect(data.toString()).toContain('line');
      abort.abort();
    }
    expect((await runtime().containers.status(id))?.state.kind).toBe('running');
  });

  test('one that is gone is not found', async () => {
    const id = await runtime().containers.create(spec('true'));
    await runtime().containers.remove(id);
    await expect(attach(id)).rejects.toMatchObject({ name: 'RuntimeError', code: 'NotFound' });
  });
}
