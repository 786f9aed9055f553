import { once } from 'node:events';
import { connect } from 'node:tls';
import type { ApiTestBed } from '../../api-test-bed.ts';
import { SpdyClient } from './spdy-client-fixture.ts';

/** A client whose request has been answered with 101, and the protocol that was chosen. Throws with any other answer. */
export async function upgradeToSpdy(
  bed: Pick<ApiTestBed, 'port' | 'credentials'>,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ client: SpdyClient; protocol: string | undefined }> {
  const socket = connect({ port: bed.port, host: '127.0.0.1', ...(await bed.credentials()) });
  await once(socket, 'secureConnect');
  const all = { host: 'x', connection: 'Upgrade', upgrade: 'SPDY/3.1', 'content-length': '0', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const answer = await headOf(socket);
  if (!answer.startsWith('HTTP/1.1 101 ')) {
    socket.destroy();
    throw new Error(answer);
  }
  return { client: new SpdyClient(socket), protocol: /^x-stream-protocol-version: (.*)$/im.exec(answer)?.[1]?.trim() };
}

/** What comes behind it is left to be read. */
async function headOf(socket: ReturnType<typeof connect>): Promise<string> {
  let text = '';
  for (;;) {
    await once(socket, 'readable');
    text += (socket.read() as Buffer | null)?.toString('latin1') ?? '';
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) continue;
    socket.unshift(Buffer.from(text.slice(end + 4), 'latin1'));
    return text.slice(0, end);
  }
}
