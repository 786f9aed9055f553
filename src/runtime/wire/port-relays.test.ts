import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ExecSession } from '../../domain/container-runtime/process.ts';
import { PortRelays, type RelayEngine } from './port-relays.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Ends some time after it was told to. */
const slowToEnd = () => new Duplex({ read() {}, destroy: (error, done) => void setImmediate(done, error) }) as Socket;

async function* nothing() {}

it('does not use a relay that is just ending', async () => {
  const joined: Socket[] = [];
  const engine: RelayEngine = {
    networkOf: async (id) => id,
    join: async () => {
      joined.push(slowToEnd());
      return { id: 'relay', input: joined.at(-1)! };
    },
    exec: async () => ({ output: nothing() }) as Partial<ExecSession> as ExecSession,
  };
  const relays = new PortRelays(engine);
  const connect = () => relays.connect('c1', 80, new AbortController().signal);
  await expect(connect()).rejects.toMatchObject({ code: 'ConnectionRefused' });
  await expect(connect()).rejects.toMatchObject({ code: 'ConnectionRefused' });
  expect(joined).toHaveLength(1);
  vi.advanceTimersToNextTimer();
  await expect(connect()).rejects.toMatchObject({ code: 'ConnectionRefused' });
  expect(joined.map(({ destroyed }) => destroyed)).toEqual([true, false]);
});
