import type { Reply } from '../app.ts';
import { protocolNamed } from './channel-protocol.ts';
import type { Wire } from './negotiate.ts';
import type { PortForward } from './port-forward.ts';
import { tunnelProtocol } from './port-forward-protocols.ts';

/** Of one message, in bytes. */
const maxPayload = 4 * 1024 * 1024;

/** Until the client is gone or the server stops. */
export async function servePortForward(reply: Reply, wire: Wire, forward: PortForward): Promise<void> {
  reply.hijack();
  if (wire.carrier === 'spdy') return overSpdy(reply, wire, forward);
  return wire.protocol === tunnelProtocol ? throughTunnel(reply, forward) : overChannels(reply, wire, forward);
}

async function overSpdy(reply: Reply, { protocol }: Wire, forward: PortForward): Promise<void> {
  const { acceptSpdy } = await import('./spdy/accept-spdy.ts');
  const { forwardOverSpdy } = await import('./spdy/spdy-port-forward.ts');
  const socket = acceptSpdy(reply, protocol);
  if (socket) await forwardOverSpdy(socket, forward);
}

/** SPDY in the messages of a WebSocket, whose borders mean nothing (apiserver pkg/util/proxy/streamtunnel.go). */
async function throughTunnel(reply: Reply, forward: PortForward): Promise<void> {
  const { createWebSocketStream } = await import('ws');
  const { acceptWebSocket } = await import('./accept-web-socket.ts');
  const { forwardOverSpdy } = await import('./spdy/spdy-port-forward.ts');
  const socket = await acceptWebSocket(reply, { maxPayload, protocol: tunnelProtocol });
  if (socket === undefined) return;
  await forwardOverSpdy(createWebSocketStream(socket), forward);
  socket.terminate();
}

async function overChannels(reply: Reply, { protocol }: Wire, forward: PortForward): Promise<void> {
  const { acceptWebSocket } = await import('./accept-web-socket.ts');
  const { forwardOverChannels } = await import('./forward-over-channels.ts');
  const socket = await acceptWebSocket(reply, { maxPayload, protocol: () => protocol || false });
  if (socket) await forwardOverChannels(socket, protocolNamed(protocol), forward);
}
