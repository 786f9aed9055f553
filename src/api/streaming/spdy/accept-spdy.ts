import type { Socket } from 'node:net';
import type { Reply } from '../../app.ts';
import { takeUpgrade } from '../upgrades.ts';

/** The connection, which the client speaks SPDY on from now on. Undefined when somebody else has it. */
export function acceptSpdy(reply: Reply, protocol: string): Socket | undefined {
  const upgrade = takeUpgrade(reply.request.raw);
  if (upgrade === undefined) return undefined;
  const socket = upgrade.socket as Socket;
  socket.setTimeout(0);
  socket.setNoDelay();
  if (upgrade.head.length > 0) socket.unshift(upgrade.head);
  const lines = ['Connection: Upgrade', 'Upgrade: SPDY/3.1', `X-Stream-Protocol-Version: ${protocol}`];
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}
