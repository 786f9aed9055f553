import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { decodeSize, encodeStatus } from '../channel-protocol.ts';
import type { RemoteCommandWire, TerminalSize, WantedStreams } from '../remote-command.ts';
import { roomIn } from '../room-in.ts';
import { SpdyConnection } from './spdy-connection.ts';
import type { SpdyStream } from './spdy-stream.ts';

/** Milliseconds that a client may take to open its streams, as in Kubernetes (kubelet/pkg/cri/streaming: streamCreationTimeout). */
const creationLimit = 30_000;

/** Bytes of a size; longer ones are none. */
const largestSize = 256;

/** The streams that a client opens for a process, each by its type. Undefined when it opens them not at all, or not all of them in time. */
export async function openSpdyChannels(
  wire: Duplex,
  protocol: string,
  wanted: WantedStreams,
): Promise<RemoteCommandWire | undefined> {
  const streams = new Map<string, SpdyStream>();
  const missing = expectedStreams(protocol, wanted);
  const complete = Promise.withResolvers<boolean>();
  const connection = new SpdyConnection(wire, (stream) => {
    const type = stream.headers.get('streamtype') ?? '';
    if (!missing.delete(type)) return false;
    streams.set(type, stream);
    if (missing.size === 0) complete.resolve(true);
    return true;
  });
  void connection.serve().then(() => complete.resolve(false));
  const timer = setTimeout(() => complete.resolve(false), creationLimit);
  const isComplete = await complete.promise;
  clearTimeout(timer);
  if (isComplete) return channels(connection, streams, protocol);
  wire.destroy();
  return undefined;
}

function expectedStreams(protocol: string, { stdin, stdout, stderr, tty }: WantedStreams): Set<string> {
  const resize = tty && !['v2.channel.k8s.io', 'channel.k8s.io'].includes(protocol);
  const types = Object.entries({ error: true, stdin, stdout, stderr, resize });
  return new Set(types.filter(([, isExpected]) => isExpected).map(([type]) => type));
}

function channels(
  connection: SpdyConnection,
  streams: ReadonlyMap<string, SpdyStream>,
  protocol: string,
): RemoteCommandWire {
  // Clients say nothing there; should they, it holds up nothing.
  for (const type of ['error', 'stdout', 'stderr']) streams.get(type)?.resume();
  return {
    input: heard(streams.get('stdin')),
    onResize: (listener) => followSizes(streams.get('resize'), listener),
    write: (type, data) => written(streams.get(type), data),
    end: async (status) => {
      const last = encodeStatus({ endsWithStatus: protocol === 'v4.channel.k8s.io' }, status);
      streams.get('stdout')?.end();
      streams.get('stderr')?.end();
      streams.get('error')?.end(last);
      const said = [...streams].filter(([type]) => type !== 'stdin' && type !== 'resize');
      await Promise.allSettled(said.map(([, stream]) => finished(stream, { readable: false })));
      await connection.leave();
    },
  };
}

/** Its end is an end, however it came. */
async function* heard(stream: SpdyStream | undefined): AsyncGenerator<Buffer> {
  if (stream === undefined) return;
  try {
    yield* stream.iterator({ destroyOnReturn: false });
  } catch {
    // The client took it back, or is gone.
  } finally {
    // What nobody listens to any more holds up nothing.
    stream.resume();
  }
}

async function written(stream: SpdyStream | undefined, data: Buffer): Promise<boolean> {
  if (stream === undefined || stream.destroyed) return false;
  if (!stream.write(data)) await roomIn(stream);
  return !stream.destroyed;
}

/** One JSON object a line, cut anywhere. */
function followSizes(stream: SpdyStream | undefined, listener: (size: TerminalSize) => void): void {
  let text = '';
  stream?.on('data', (data: Buffer) => {
    const lines = (text + data.toString('latin1')).split('\n');
    text = (lines.pop() ?? '').slice(0, largestSize);
    for (const line of lines) {
      const size = decodeSize(Buffer.from(line, 'latin1'));
      if (size) listener(size);
    }
  });
}
