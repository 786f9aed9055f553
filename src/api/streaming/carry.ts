import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';

/**
 * One direction of a connection, until it has ended; if one side breaks off, so does the other. Each piece is freed when it has been written: V8 lets
 * what sockets have read lie until it collects, which with 20 connections at once is more than all of k2d. So both sides have to be such as call back
 * when the bytes have left them, as sockets do, and not a PassThrough.
 */
export async function carry(from: Duplex, to: Duplex): Promise<void> {
  const breakOff = () => void from.destroy();
  to.once('close', breakOff);
  try {
    for await (const piece of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      await write(to, piece);
      free(piece);
    }
    to.off('close', breakOff);
    to.end();
    await finished(to, { readable: false });
  } catch {
    to.off('close', breakOff);
    from.destroy();
    to.destroy();
  }
}

const write = (to: Duplex, piece: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    to.write(piece, (error) => (error ? reject(error) : resolve()));
  });

/** Only memory that is the piece's own: others may read the rest of what a piece was cut from. */
function free({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
