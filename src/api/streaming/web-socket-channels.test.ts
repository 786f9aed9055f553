import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { protocolNamed } from './channel-protocol.ts';
import type { TerminalSize } from './remote-command.ts';
import { webSocketChannels } from './web-socket-channels.ts';

it('keep the size that comes before anybody listens', () => {
  const socket = Object.assign(new EventEmitter(), { send: () => undefined, bufferedAmount: 0 });
  const wanted = { stdin: true, stdout: true, stderr: false, tty: true };
  const wire = webSocketChannels(socket as unknown as WebSocket, protocolNamed('v5.channel.k8s.io'), wanted);
  const size = (width: number) => Buffer.from([4, ...Buffer.from(JSON.stringify({ Width: width, Height: 24 }))]);
  socket.emit('message', size(80));
  const seen: TerminalSize[] = [];
  wire.onResize((each) => seen.push(each));
  socket.emit('message', size(100));
  expect(seen.map(({ columns }) => columns)).toEqual([80, 100]);
});
