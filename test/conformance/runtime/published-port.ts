import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A TCP port of this machine that nobody listens at: both engines are tested at once, so none may be fixed. It is below those that the system
 * gives to whoever connects somewhere in the meantime, and none of a k2d in a test.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 16_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** What HTTP answers at `host:port`; undefined while nobody does. */
export async function answerAt(address: string): Promise<string | undefined> {
  const response = await fetch(`http://${address}/`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  return response?.text();
}
