import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import type { ProcessOutput, ProcessStreams } from '../../domain/container-runtime/process.ts';
import { framePieces } from './stream-frames.ts';

export type EngineStreams = {
  /** Output and input of a process, taken over from a request. */
  socket: Socket;
  /** Its output comes as it is, else in frames. */
  tty: boolean;
  /** How the process ended, asked when its output has; what it throws, the reader of the output gets. */
  ended: () => Promise<void>;
  signal: AbortSignal;
};

/**
 * How the connection ends says little: an engine that goes away closes it like one whose process has ended, and one that ends before it has read
 * all of its input resets it. So the engine is asked.
 */
export function processStreams({ socket, tty, ended, signal }: EngineStreams): Omit<ProcessStreams, 'resize'> {
  const abort = () => void socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', abort));
  if (signal.aborted) abort();
  const bytes = outlasting(socket);

  return {
    output: (async function* () {
      for await (const piece of tty ? rawPieces(bytes) : framePieces(bytes)) {
        if (signal.aborted) return;
        if (piece.data.length > 0) yield { stream: piece.stream, data: piece.data };
      }
      if (!signal.aborted) await ended();
    })(),
    write: async (data) => {
      // Input that nobody reads any more breaks the connection, with all that is still to be read from it: so nothing is left there before.
      if (bytes.writableNeedDrain && !bytes.destroyed) await settled((done) => bytes.once('drain', done), socket);
      await settled((done) => socket.write(data, done), socket);
    },
    endInput: () => settled((done) => socket.end(done), socket),
  };
}

/** What has come stays readable when writing fails, which destroys a socket. Whoever stops reading ends the connection. */
function outlasting(socket: Socket): PassThrough {
  const bytes = new PassThrough();
  socket.on('error', () => undefined);
  socket.once('close', () => bytes.end(socket.read()));
  bytes.once('close', () => socket.destroy());
  return socket.pipe(bytes);
}

async function* rawPieces(bytes: AsyncIterable<Buffer>): AsyncIterable<ProcessOutput> {
  for await (const data of bytes) yield { stream: 'stdout', data };
}

/** Resolves when the engine has taken it, or takes nothing any more. */
async function settled(act: (done: () => void) => void, socket: Socket): Promise<void> {
  if (socket.destroyed || socket.writableEnded) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('close', resolve);
  act(resolve);
  await promise;
  socket.off('close', resolve);
}
