import { badRequest, StatusError } from '../../domain/meta/status-error.ts';
import type { Reply, Request } from '../app.ts';
import { chosenProtocol, protocolNamed } from './channel-protocol.ts';
import { type RemoteCommand, runRemoteCommand } from './remote-command.ts';
import { wantsWebSocket } from './upgrades.ts';

/** A message of input; kubectl sends 32 KiB, other clients what they have. */
const maxPayload = 4 * 1024 * 1024;

/** Throws what a client that cannot be served gets to read; asked before anything is started for it. */
export function requireRemoteCommandClient(request: Pick<Request, 'raw'>): void {
  if (!wantsWebSocket(request.raw)) throw badRequest('Upgrade request required');
  if (chosenProtocol(offeredBy(request)) === undefined) {
    throw new StatusError(
      403,
      'Forbidden',
      `unable to negotiate protocol: client supports ${offeredBy(request).join(', ')}`,
    );
  }
}

export async function serveRemoteCommand(reply: Reply, command: RemoteCommand): Promise<void> {
  reply.hijack();
  try {
    const { acceptWebSocket } = await import('./accept-web-socket.ts');
    const { webSocketChannels } = await import('./web-socket-channels.ts');
    const choose = (offered: readonly string[]) => chosenProtocol(offered) || false;
    const socket = await acceptWebSocket(reply, { maxPayload, choose });
    if (socket === undefined) return;
    socket.once('close', command.leave);
    await runRemoteCommand(command, webSocketChannels(socket, protocolNamed(socket.protocol), command.wanted));
    socket.terminate();
  } finally {
    command.leave();
  }
}

const offeredBy = ({ raw }: Pick<Request, 'raw'>): string[] =>
  (raw.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
