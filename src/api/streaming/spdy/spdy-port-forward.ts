import type { Duplex } from 'node:stream';
import { forwardConnection, type PortForward } from '../port-forward.ts';
import { portNumber } from '../port-number.ts';
import { SpdyConnection } from './spdy-connection.ts';
import type { SpdyStream } from './spdy-stream.ts';

/** Milliseconds between the two streams of a connection, as in Kubernetes (kubelet/pkg/cri/streaming: streamCreationTimeout). */
const pairLimit = 30_000;

/** A stream whose other one has not been opened yet. */
type Half = { stream: SpdyStream; type: string; forget: () => void };

/**
 * The client opens two streams for each of its connections, of the types `error` and `data`, which have the same request id; without one they follow each
 * other (kubelet/pkg/cri/streaming/portforward/httpstream.go). Resolves when the client is gone.
 */
export async function forwardOverSpdy(wire: Duplex, { dial, closed }: PortForward): Promise<void> {
  const halves = new Map<string, Half>();
  const accept = (stream: SpdyStream): boolean => {
    const port = portOf(stream);
    const type = stream.headers.get('streamtype') ?? '';
    if (port === undefined || (type !== 'error' && type !== 'data')) return false;
    const id = stream.headers.get('requestid') ?? `stream ${type === 'error' ? stream.id : stream.id - 2}`;
    const other = halves.get(id);
    if (other?.type === type) return false;
    if (other === undefined) {
      const timer = setTimeout(() => stream.destroy(), pairLimit);
      const forget = () => {
        clearTimeout(timer);
        halves.delete(id);
      };
      stream.once('close', forget);
      halves.set(id, { stream, type, forget });
      return true;
    }
    other.forget();
    other.stream.off('close', other.forget);
    const [data, errors] = type === 'data' ? [stream, other.stream] : [other.stream, stream];
    errors.resume();
    void forwardConnection(() => dial(portOf(data) ?? port), data, errors);
    return true;
  };
  const end = () => wire.destroy();
  closed.addEventListener('abort', end, { once: true });
  if (closed.aborted) end();
  await new SpdyConnection(wire, accept).serve();
  closed.removeEventListener('abort', end);
}

function portOf({ headers }: SpdyStream): number | undefined {
  try {
    return portNumber(headers.get('port') ?? '');
  } catch {
    return undefined;
  }
}
