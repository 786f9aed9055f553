import { Duplex, PassThrough, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { WebSocket } from 'ws';
import { closeWebSocket } from './accept-web-socket.ts';
import { type ChannelProtocol, decodeMessage, encodeMessage } from './channel-protocol.ts';
import { inputHolder } from './hold-input.ts';
import { forwardConnection, type PortForward } from './port-forward.ts';

/**
 * One connection to each port, at once: channel 2i has the data of the i-th, 2i+1 its errors, and both begin with the port in two bytes. The client's end
 * has no sign of its own, so its input ends with the pod's output (kubelet/pkg/cri/streaming/portforward/websocket.go).
 */
export async function forwardOverChannels(
  socket: WebSocket,
  protocol: ChannelProtocol,
  { ports, dial, closed }: PortForward,
): Promise<void> {
  const inputs = ports.map(() => new PassThrough());
  const hold = inputHolder(socket);
  socket.on('message', (message: Buffer) => {
    const { channel, data } = decodeMessage(protocol, message) ?? {};
    const input = channel === undefined ? undefined : inputs[channel / 2];
    if (input?.writable && data && !input.write(data)) hold(input);
  });
  const channel = (number: number, onEnd: () => void) =>
    new Writable({
      write: (data: Buffer, _encoding, done) => socket.send(encodeMessage(protocol, number, data), done),
      final: (done) => {
        onEnd();
        done();
      },
    });
  const connections: Duplex[] = [];
  socket.once('close', () => connections.forEach((data) => data.destroy()));
  const forwards = ports.map(async (port, index) => {
    const input = inputs[index]!;
    const output = channel(2 * index, () => void input.end());
    const errors = channel(2 * index + 1, () => undefined);
    for (const stream of [output, errors]) stream.write(portBytes(port));
    const data = Duplex.from({ readable: input, writable: output });
    connections.push(data);
    await forwardConnection(() => dial(port), data, errors);
    await Promise.allSettled([finished(output), finished(errors)]);
  });
  const end = () => socket.terminate();
  closed.addEventListener('abort', end, { once: true });
  if (closed.aborted) end();
  await Promise.all(forwards);
  closed.removeEventListener('abort', end);
  await closeWebSocket(socket);
  socket.terminate();
}

/** Little-endian. */
const portBytes = (port: number): Buffer => Buffer.from([port & 0xff, port >> 8]);
