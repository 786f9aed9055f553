import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Follower } from '../clients/follower.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { engines } from './engines.ts';
import { MEMORY_LIMIT, peakMemory } from './peak-memory.ts';
import { busybox, pod, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';
import { wires } from './wires.ts';

/** Port-forwards at once. */
const MANY = 20;

/** What each of them carries, in bytes. */
const SIZE = 50_000_000;

/** What a program on this machine gets from the port: how much it is, and its checksum. */
async function download(port: number, path: string): Promise<{ bytes: number; md5: string }> {
  const asked = request({ host: '127.0.0.1', port, path, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const hash = createHash('md5');
  let bytes = 0;
  for await (const data of response) {
    hash.update(data as Buffer);
    bytes += (data as Buffer).length;
  }
  return { bytes, md5: hash.digest('hex') };
}

describe.each(engines)('ports of pods on $kind', (engine) => {
  const k2d = useK2d(engine, 'forward');
  let kubectl: Kubectl;
  let md5: string;

  beforeAll(async () => {
    kubectl = await k2d.namespace('ports');
    const files = `mkdir /www; echo hello > /www/index.html; head -c ${SIZE} /dev/urandom > /www/large`;
    await kubectl.apply(pod('web', { containers: [busybox(`${files}; httpd -p 80 -h /www; touch /ready; ${STAY}`)] }));
    await kubectl.run('wait --for=condition=Ready pod/web --timeout=100s');
    md5 = await kubectl.run([
      'exec',
      'web',
      '--',
      'sh',
      '-c',
      'until [ -e /ready ]; do sleep 0.1; done; md5sum < /www/large',
    ]);
  });

  /** A kubectl that forwards, and the port that it took on this machine. */
  const forward = async (client: Kubectl, target = 'pod/web :80'): Promise<{ follower: Follower; port: number }> => {
    const follower = client.follow(`port-forward --address 127.0.0.1 ${target}`, { timeoutMs: 200_000 });
    const line = await follower.until(/^Forwarding from /, 60_000);
    return { follower, port: Number(/127\.0\.0\.1:(\d+)/.exec(line)?.[1]) };
  };

  describe.each(wires)('over $name', ({ env }) => {
    let client: Kubectl;
    beforeAll(() => void (client = kubectl.switched(env)));

    it('are reached, one time after the other', async () => {
      const { follower, port } = await forward(client);
      for (let count = 0; count < 3; count += 1) expect((await download(port, '/')).bytes).toBe(6);
      await follower.stop();
    });

    it('where nothing listens are refused, with words', async () => {
      const { follower, port } = await forward(client, 'pod/web :81');
      await expect(download(port, '/')).rejects.toThrow();
      await follower.until(/error forwarding port 81 to pod .*connection refused/);
      await follower.stop();
    });

    it(`carry ${SIZE / 1e6} MB each to ${MANY} at once, in little memory`, { timeout: 300_000 }, async () => {
      const forwards = await Promise.all(Array.from({ length: MANY }, () => forward(client)));
      const peak = await peakMemory(engine, k2d.config.instance, async () => {
        const downloads = await Promise.all(forwards.map(({ port }) => download(port, '/large')));
        expect(downloads).toEqual(forwards.map(() => ({ bytes: SIZE, md5: md5.slice(0, 32) })));
      });
      await Promise.all(forwards.map(({ follower }) => follower.stop()));
      expect(peak).toBeLessThan(MEMORY_LIMIT);
    });
  });

  it('are reached by kubectl 1.27', async () => {
    const { follower, port } = await forward(kubectl.at('1.27'));
    expect((await download(port, '/')).bytes).toBe(6);
    await follower.stop();
  });
});
