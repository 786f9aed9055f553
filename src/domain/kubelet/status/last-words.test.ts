import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Containers, ContainerState, LogOptions } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { observedContainer } from '../pod/observed-fixture.ts';
import { LastWords } from './last-words.ts';

const container: Container = { name: 'c', terminationMessagePath: '/dev/termination-log' };
const podOf = (fields: Partial<Container> = {}): Pod => ({ spec: { containers: [{ ...container, ...fields }] } });
const log = ['one', 'two'];
let since: (Date | undefined)[] = [];
const containers = {
  async *logs(_id: string, options: LogOptions) {
    since.push(options.since);
    for (const line of log) yield { stream: 'stdout', time: new Date(0), timestamp: '', line: Buffer.from(line) };
  },
} as unknown as Containers;

const ended = (from: number, to: number, code = 1): ContainerState => ({
  kind: 'exited',
  exit: { code, oomKilled: false, error: '', startedAt: new Date(from * 1000), finishedAt: new Date(to * 1000) },
});

let folder: string;
let path: string;
beforeEach(async () => {
  since = [];
  folder = await mkdtemp(join(tmpdir(), 'last-words-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function begin(): Promise<LastWords> {
  const words = new LastWords(containers, folder);
  const [mount] = await words.mount(container);
  path = mount?.kind === 'bind' ? mount.source : '';
  await utimes(path, 100, 100);
  return words;
}

/** As a container would, so many seconds after 1970. */
async function say(text: string, second: number): Promise<void> {
  await writeFile(path, text);
  await utimes(path, second, second);
}

const heard = async (words: LastWords, state: ContainerState, pod = podOf()) => {
  await words.read(pod, { containers: [observedContainer('c', state)] });
  return state.kind === 'exited' ? words.of('c', state.exit) : undefined;
};

test('are what the file says at the end, its last 4096 bytes', async () => {
  const words = await begin();
  await say('x'.repeat(5000) + 'the end', 120);
  expect(await heard(words, ended(110, 121))).toBe('x'.repeat(4089) + 'the end');
});

test('are those of their own run', async () => {
  const words = await begin();
  await say('first', 120);
  expect(await heard(words, ended(110, 120))).toBe('first');
  expect(await heard(words, ended(120.1, 130))).toBe('');
  await say('third', 135);
  expect(await heard(words, ended(131, 135))).toBe('third');
});

test('are taken from the log on request, when there is no file and it failed', async () => {
  const falls = podOf({ terminationMessagePolicy: 'FallbackToLogsOnError' });
  const words = await begin();
  expect(await heard(words, ended(110, 120, 0), falls)).toBe('');
  expect(await heard(words, ended(130, 140), falls)).toBe('one\ntwo\n');
  await say('better', 155);
  expect(await heard(words, ended(150, 156), falls)).toBe('better');
});

test('are cut from the log of runs before, and a first run, which may write before it is said to have started, is not cut', async () => {
  const falls = podOf({ terminationMessagePolicy: 'FallbackToLogsOnError' });
  const words = await begin();
  await heard(words, ended(110, 120), falls);
  await heard(words, ended(130, 140), falls);
  expect(since).toEqual([undefined, new Date(125_000)]);
});
