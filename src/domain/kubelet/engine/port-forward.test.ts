import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { Pod } from '../../meta/types.ts';
import { portForward } from './port-forward.ts';

const running: Pod['status'] = {
  containerStatuses: [
    { name: 'init', image: '', imageID: '', ready: false, restartCount: 0, containerID: 'docker://a', state: {} },
    {
      name: 'web',
      image: '',
      imageID: '',
      ready: true,
      restartCount: 0,
      containerID: 'docker://b',
      state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
    },
  ],
};

const podAt = (podIP: string, spec: Partial<Pod['spec']> = {}): Pod => ({
  metadata: { name: 'web', namespace: 'default', uid: 'u1' },
  spec: { containers: [], ...spec },
  status: { ...running, podIP },
});

const inside = new PassThrough();
const reached: string[] = [];
const sandboxes = {
  portForward: async (id: string, port: number) => {
    reached.push(`${id}:${port}`);
    return inside;
  },
};
const engine = { sandboxes, rootless: false };
const signal = AbortSignal.timeout(60_000);

describe('portForward', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    reached.length = 0;
    for (const close of closing.splice(0)) close();
  });

  /** Answers with what it got, when that has ended. */
  async function echoAt(host: string): Promise<number> {
    const server = createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket)).listen(0, host);
    closing.push(() => server.close());
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  it("connects to the pod's address, whose two directions end one by one", async () => {
    const port = await echoAt('127.0.0.2');
    const connection = await portForward(podAt('127.0.0.2'), port, engine, signal);
    connection.end('hello');
    expect(await text(connection)).toBe('hello');
    expect(reached).toEqual([]);
  });

  it('asks the engine for what only the pod itself reaches', async () => {
    const port = await echoAt('127.0.0.2');
    expect(await portForward(podAt('127.0.0.3'), port, engine, signal)).toBe(inside);
    expect(reached).toEqual([`b:${port}`]);
  });

  it("connects to the host's localhost for a pod in its network", async () => {
    const port = await echoAt('127.0.0.1');
    const connection = await portForward(podAt('192.0.2.1', { hostNetwork: true }), port, engine, signal);
    connection.end('hello');
    expect(await text(connection)).toBe('hello');
  });

  it('is never in the network of the host of an engine without root', async () => {
    const port = await echoAt('127.0.0.1');
    const rootless = { ...engine, rootless: true };
    expect(await portForward(podAt('192.0.2.1', { hostNetwork: true }), port, rootless, signal)).toBe(inside);
  });

  it('says in the words of Kubernetes that nobody listens', async () => {
    const refusing = {
      rootless: false,
      sandboxes: { portForward: () => Promise.reject(new RuntimeError('ConnectionRefused', 'nobody')) },
    };
    const port = await echoAt('127.0.0.2');
    await expect(portForward(podAt('127.0.0.3'), port, refusing, signal)).rejects.toThrow(
      `error forwarding port ${port} to pod web_default, uid u1: failed to connect to localhost:${port} inside namespace "u1", ` +
        `IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6 [::1]:${port}: connect: connection refused`,
    );
  });

  it('says that nothing of the pod runs', async () => {
    const port = await echoAt('127.0.0.2');
    const pod: Pod = { ...podAt('127.0.0.3'), status: { podIP: '127.0.0.3' } };
    await expect(portForward(pod, port, engine, signal)).rejects.toThrow('pod is not running');
  });

  it('ends with the signal, quietly', async () => {
    const port = await echoAt('127.0.0.2');
    const abort = new AbortController();
    const connection = await portForward(podAt('127.0.0.2'), port, engine, abort.signal);
    const closed = once(connection, 'close');
    abort.abort();
    await closed;
    expect(connection.errored).toBe(null);
    await expect(portForward(podAt('127.0.0.2'), port, engine, abort.signal)).rejects.toThrow('given up');
  });
});
