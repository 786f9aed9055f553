import { expect, it } from 'vitest';
import type { ExecSession } from '../../container-runtime/process.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import { execProbe } from './exec-probe.ts';

const signal = new AbortController().signal;

function session(code: number, text: string, ended = Promise.resolve()): ExecSession {
  const none = async () => undefined;
  async function* output() {
    yield { stream: 'stdout' as const, data: Buffer.from(text) };
    await ended;
  }
  return { output: output(), write: none, endInput: none, resize: none, exitCode: async () => code };
}

const target = (exec: () => Promise<ExecSession>) => ({ containerId: 'c', containers: { exec } });
const probe = (exec: () => Promise<ExecSession>, overdue = { processes: 0 }) =>
  execProbe(['check'], target(exec), 20, overdue, signal);

it('takes exit code 0 for success and tells what a failing command wrote', async () => {
  expect(await probe(async () => session(0, 'fine'))).toEqual({ ok: true });
  expect(await probe(async () => session(3, 'no disk'))).toEqual({ ok: false, message: 'no disk' });
});

it('reads no more than 10 KiB of it', async () => {
  const result = await probe(async () => session(1, 'x'.repeat(20_000)));
  expect(result).toEqual({ ok: false, message: 'x'.repeat(10_240) });
});

it('counts nothing when the engine did not make the check', async () => {
  const refused = () => Promise.reject(new RuntimeError('Unavailable', 'gone'));
  expect(await probe(refused)).toMatchObject({ ok: false, unknown: true });
});

it('fails at the timeout, and starts no fourth process while three hang', async () => {
  const end = Promise.withResolvers<void>();
  const overdue = { processes: 0 };
  let started = 0;
  const hangs = async () => {
    started += 1;
    return session(0, '', end.promise);
  };
  const late = { ok: false, message: 'command timed out: "check" timed out after 0.02s' };
  for (let round = 0; round < 5; round += 1) expect(await probe(hangs, overdue)).toEqual(late);
  expect(started).toBe(3);
  end.resolve();
  await new Promise(setImmediate);
  expect(overdue.processes).toBe(0);
  expect(await probe(hangs, overdue)).toEqual({ ok: true });
});
