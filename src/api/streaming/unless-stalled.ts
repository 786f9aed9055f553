import type { Socket } from 'node:net';
import { stallLimit } from '../stall-limit.ts';

/**
 * The work of telling a client the rest, for as long as it goes on: bytes leave, or the client says something, which Node counts. The connection of a
 * client that stalls is cut, which has to end the work.
 */
export async function unlessStalled<R>(connection: Socket, work: Promise<R>, limit = stallLimit): Promise<R> {
  const cut = () => void connection.destroy();
  connection.setTimeout(limit, cut);
  try {
    return await work;
  } finally {
    connection.setTimeout(0, cut);
  }
}
