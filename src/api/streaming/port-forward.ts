import type { Duplex, Writable } from 'node:stream';
import { carry } from './carry.ts';

/** Ways into one pod, for a client that names ports. */
export type PortForward = {
  /** Those that the query names; most clients name them later. */
  ports: readonly number[];
  /** Rejects with an Error whose message is the client's to read. */
  dial: (port: number) => Promise<Duplex>;
  /** The client is gone, or the server stops. */
  closed: AbortSignal;
};

/**
 * One connection, until both sides have ended it or one has broken off, which breaks off the other. `errors` has text when there was none to be
 * had, and ends with it: kubectl ends with the first text, so what happens to a connection later is not worth one.
 */
export async function forwardConnection(dial: () => Promise<Duplex>, data: Duplex, errors: Writable): Promise<void> {
  try {
    const target = await dial();
    await Promise.all([carry(data, target), carry(target, data)]);
    errors.end();
  } catch (error) {
    errors.end(error instanceof Error ? error.message : 'unknown failure');
    data.resume().end();
  }
}
