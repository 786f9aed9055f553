import { expect } from 'vitest';
import type { LogEntry, LogOptions } from '../../../src/domain/container-runtime/container.ts';
import type { RuntimeBed } from './runtime-bed.ts';

const texts = (entries: readonly LogEntry[]) => entries.map(({ line }) => line.toString());

export function logCases({ test, runtime, spec, start, exit, output, lines, linesOf, engineCli }: RuntimeBed): void {
  const logs = (id: string, options: Partial<LogOptions> = {}, signal = AbortSignal.timeout(60_000)) =>
    runtime().containers.logs(id, { follow: false, ...options }, signal);

  /** A step that the container waits for, and how it is told to go on: no order between two streams is kept otherwise. */
  const untilTold = (step: number) => `until [ -e /go-${step} ]; do sleep 0.1; done`;
  const tell = (id: string, step: number) => engineCli('exec', id, 'touch', `/go-${step}`);

  test('both streams, told apart, in order within each', async () => {
    const id = await start(spec('echo out 1; echo err 1 >&2; echo out 2; echo err 2 >&2'));
    await exit(id);
    const entries = await Array.fromAsync(logs(id));
    const of = (stream: LogEntry['stream']) => texts(entries.filter((entry) => entry.stream === stream));
    expect([of('stdout'), of('stderr')]).toEqual([
      ['out 1', 'out 2'],
      ['err 1', 'err 2'],
    ]);
  });

  test('each line has its time', async () => {
    const id = await start(spec('echo one'));
    await exit(id);
    const [entry] = await Array.fromAsync(logs(id));
    expect(entry?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
    expect(entry?.time).toEqual(new Date(entry?.timestamp ?? ''));
    expect(Math.abs((entry?.time.getTime() ?? 0) - Date.now())).toBeLessThan(30_000);
  });

  test('empty lines, spaces, zeros and letters of several bytes', async () => {
    const id = await start(spec('printf "\\n  two  \\nü€\\000x\\r\\n"'));
    await exit(id);
    const entries = await Array.fromAsync(logs(id));
    expect(texts(entries)).toEqual(['', '  two  ', 'ü€\0x\r']);
  });

  test("a line longer than the engine's pieces is one line", async () => {
    const written = await output(spec('head -c 40000 /dev/zero | tr "\\0" x; echo; echo next'));
    expect(written.map((line) => line.length)).toEqual([40_000, 4]);
  });

  test('the last line may lack its line feed', async () => {
    const id = await start(spec('echo whole; printf part'));
    await exit(id);
    expect(texts(await Array.fromAsync(logs(id)))).toEqual(['whole', 'part']);
  });

  test('a thousand lines arrive whole', async () => {
    const id = await start(spec('seq 1 1000'));
    await exit(id);
    expect(await lines(id)).toEqual(Array.from({ length: 1000 }, (_, index) => `${index + 1}`));
  });

  test('tail gives the last lines', async () => {
    const id = await start(spec('seq 1 9'));
    await exit(id);
    expect(texts(await Array.fromAsync(logs(id, { tail: 2 })))).toEqual(['8', '9']);
    expect(texts(await Array.fromAsync(logs(id, { tail: 0 })))).toEqual([]);
  });

  test('a tail keeps long lines whole, and the streams apart', async () => {
    const long = 'head -c 40000 /dev/zero | tr "\\0" x';
    const id = await start(
      spec(`echo one; ${untilTold(1)}; echo two >&2; ${untilTold(2)}; ${long}; echo; printf part`),
    );
    await linesOf(id, 'one');
    await tell(id, 1);
    await linesOf(id, 'two');
    await tell(id, 2);
    await exit(id);
    const tail = async (count: number) =>
      (await Array.fromAsync(logs(id, { tail: count }))).map(({ stream, line }) => [stream, line.length]);
    expect(await tail(1)).toEqual([['stdout', 4]]);
    expect(await tail(3)).toEqual([
      ['stderr', 3],
      ['stdout', 40_000],
      ['stdout', 4],
    ]);
  });

  test('since and until cut by time', async () => {
    const id = await start(spec('echo early; sleep 3; echo late'));
    await exit(id);
    const [early, late] = await Array.fromAsync(logs(id));
    const between = new Date(((early?.time.getTime() ?? 0) + (late?.time.getTime() ?? 0)) / 2);
    expect(texts(await Array.fromAsync(logs(id, { since: between })))).toEqual(['late']);
    expect(texts(await Array.fromAsync(logs(id, { until: between })))).toEqual(['early']);
  });

  test('following gives lines as they are written and ends with the container', async () => {
    const id = await start(spec('echo one; sleep 1; echo two; sleep 1; echo three'));
    const seen: string[] = [];
    for await (const { line } of logs(id, { follow: true })) seen.push(line.toString());
    expect(seen).toEqual(['one', 'two', 'three']);
    expect(await exit(id)).toMatchObject({ code: 0 });
  });

  test('following tells the last line also without its line feed', async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      const id = await start(spec('sleep 0.3; echo whole; printf part'));
      expect(texts(await Array.fromAsync(logs(id, { follow: true })))).toEqual(['whole', 'part']);
    }
  });

  test('a run that ended within a line does not run into the next', async () => {
    const id = await start(spec('printf part; exit 1'));
    await exit(id);
    await runtime().containers.start(id);
    await exit(id);
    expect(await lines(id)).toEqual(['part', 'part']);
  });

  test('following a tail begins with the last lines', async () => {
    const id = await start(spec(`echo one; echo two; echo ready; ${untilTold(1)}; echo three`));
    await linesOf(id, 'ready');
    const seen: string[] = [];
    for await (const { line } of logs(id, { follow: true, tail: 1 })) {
      if (seen.push(line.toString()) === 1) await tell(id, 1);
    }
    expect(seen).toEqual(['ready', 'three']);
  });

  test('following a silent container ends with the signal', async () => {
    const id = await start(spec('sleep 600'));
    expect(await Array.fromAsync(logs(id, { follow: true }, AbortSignal.timeout(1000)))).toEqual([]);
  });

  test('following a container that has ended gives all and ends', async () => {
    const id = await start(spec('echo one'));
    await exit(id);
    expect(texts(await Array.fromAsync(logs(id, { follow: true })))).toEqual(['one']);
  });

  test('a container that was only created has no lines', async () => {
    const id = await runtime().containers.create(spec('echo never'));
    expect(await lines(id)).toEqual([]);
  });

  test('a terminal gives one stream', async () => {
    const id = await start(spec('echo out; echo err >&2; tty', { tty: true }));
    await exit(id);
    const entries = await Array.fromAsync(logs(id));
    expect(entries.every(({ stream }) => stream === 'stdout')).toBe(true);
    expect(texts(entries).map((line) => line.trimEnd())).toEqual(['out', 'err', '/dev/pts/0']);
  });

  test('logs of a container that is gone are not found', async () => {
    const id = await runtime().containers.create(spec('true'));
    await runtime().containers.remove(id);
    await expect(Array.fromAsync(logs(id))).rejects.toMatchObject({ name: 'RuntimeError', code: 'NotFound' });
  });

  test('a long line of a terminal is one line', async () => {
    const written = await output(spec('head -c 40000 /dev/zero | tr "\\0" x; echo; echo next', { tty: true }));
    expect(written.map((line) => line.trimEnd().length)).toEqual([40_000, 4]);
  });

  test('a reader may leave early', async () => {
    const id = await start(spec('while :; do echo line; sleep 0.1; done'));
    for await (const { line } of logs(id, { follow: true })) {
      expect(line.toString()).toBe('line');
      break;
    }
  });
}
