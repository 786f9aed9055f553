import { PassThrough } from 'node:stream';
import type { WebSocket } from 'ws';
import { closeWebSocket } from './accept-web-socket.ts';
import {
  type ChannelProtocol,
  channels,
  decodeMessage,
  decodeSize,
  encodeMessage,
  encodeStatus,
} from './channel-protocol.ts';
import { inputHolder } from './hold-input.ts';
import type { RemoteCommandWire, TerminalSize, WantedStreams } from './remote-command.ts';

/** Bytes that may wait for a slow client before the process has to. */
const highWater = 256 * 1024;

/** Channels of the given protocol in the messages of one WebSocket. */
export function webSocketChannels(
  socket: WebSocket,
  protocol: ChannelProtocol,
  wanted: WantedStreams,
): RemoteCommandWire {
  const input = new PassThrough();
  const hold = inputHolder(socket);
  let early: TerminalSize | undefined;
  let resized = (size: TerminalSize): void => void (early = size);
  const send = async (channel: number, data: Buffer): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.send(encodeMessage(protocol, channel, data), () => resolve());
    if (socket.bufferedAmount >= highWater) await promise;
    return socket.readyState === socket.OPEN;
  };

  socket.on('message', (message: Buffer) => {
    const { channel, data } = decodeMessage(protocol, message) ?? {};
    if (data === undefined) return;
    if (channel === channels.stdin && !input.writableEnded && !input.write(data)) hold(input);
    if (channel === channels.close && data[0] === channels.stdin) input.end();
    const size = channel === channels.resize ? decodeSize(data) : undefined;
    if (size) resized(size);
  });
  socket.once('close', () => input.end());
  // Go's client takes the first message for the sign that it is connected.
  void send(wanted.stdout ? channels.stdout : wanted.stderr ? channels.stderr : channels.error, Buffer.alloc(0));

  return {
    input,
    onResize: (listener) => {
      resized = listener;
      if (early) listener(early);
    },
    write: (stream, data) => send(channels[stream], data),
    end: async (status) => {
      const last = encodeStatus(protocol, status);
      if (last) await send(channels.error, last);
      await closeWebSocket(socket);
    },
  };
}
