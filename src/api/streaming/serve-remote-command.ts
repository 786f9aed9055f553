import type { Reply } from '../app.ts';
import { protocolNamed } from './channel-protocol.ts';
import type { Wire } from './negotiate.ts';
import { type RemoteCommand, type RemoteCommandWire, runRemoteCommand } from './remote-command.ts';
import { unlessStalled } from './unless-stalled.ts';

/** Milliseconds for the last words to a client when the server stops. */
const lastWordsLimit = 2000;

/** A message of input; kubectl sends 32 KiB, other clients what they have. */
const maxPayload = 4 * 1024 * 1024;

export async function serveRemoteCommand(
  reply: Reply,
  { carrier, protocol }: Wire,
  command: RemoteCommand,
): Promise<void> {
  reply.hijack();
  const { socket } = reply.request.raw;
  let timer: NodeJS.Timeout | undefined;
  const cut = () => void (timer = setTimeout(() => socket.destroy(), lastWordsLimit).unref());
  command.closed.addEventListener('abort', cut, { once: true });
  try {
    const open = carrier === 'spdy' ? openSpdy : openWebSocket;
    const wire = await open(reply, protocol, command);
    if (wire === undefined) return;
    await runRemoteCommand(command, wire);
    wire.destroy();
  } finally {
    command.leave();
    command.closed.removeEventListener('abort', cut);
    clearTimeout(timer);
  }
}

type OpenWire = RemoteCommandWire & { destroy: () => void };

/** Undefined when the client does not do its part. */
async function openWebSocket(reply: Reply, protocol: string, command: RemoteCommand): Promise<OpenWire | undefined> {
  const { acceptWebSocket } = await import('./accept-web-socket.ts');
  const { webSocketChannels } = await import('./web-socket-channels.ts');
  const socket = await acceptWebSocket(reply, { maxPayload, protocol: () => protocol || false });
  if (socket === undefined) return undefined;
  socket.once('close', command.leave);
  const channels = webSocketChannels(socket, protocolNamed(protocol), command.wanted);
  return { ...channels, destroy: () => socket.terminate() };
}

async function openSpdy(reply: Reply, protocol: string, command: RemoteCommand): Promise<OpenWire | undefined> {
  const { acceptSpdy } = await import('./spdy/accept-spdy.ts');
  const { openSpdyChannels } = await import('./spdy/spdy-channels.ts');
  const socket = acceptSpdy(reply, protocol);
  if (socket === undefined) return undefined;
  socket.once('close', command.leave);
  const channels = await openSpdyChannels(socket, protocol, command.wanted);
  return (
    channels && {
      ...channels,
      end: (status) => unlessStalled(socket, channels.end(status)),
      destroy: () => socket.destroy(),
    }
  );
}
