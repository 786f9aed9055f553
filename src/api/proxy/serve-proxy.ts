import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { StatusError } from '../../domain/meta/status-error.ts';
import type { Reply } from '../app.ts';
import { drainBody } from '../drain-body.ts';
import { mayTakeLong } from '../slow-requests.ts';
import { takeUpgrade, type Upgrade } from '../streaming/upgrades.ts';
import { writePieces } from '../write-stream.ts';
import type { Backend } from './backend.ts';
import { passedRequestHeaders, passedResponseHeaders } from './passed-headers.ts';

/** As Kubernetes' own dialer waits. */
const connectWithin = 30_000;

/**
 * Passes the request on and the answer back, both as they come (apimachinery pkg/util/proxy/upgradeaware.go). A connection that the client wants
 * for something else, such as a WebSocket, is joined to the backend's. Throws 503 when nobody answers.
 */
export async function serveProxy(reply: Reply, backend: Backend, closed: AbortSignal): Promise<void> {
  const { raw, info, url } = reply.request;
  const { subpath = '' } = info;
  const prefix = info.path.slice(0, info.path.length - subpath.length);
  const query = url.slice(info.path.length);
  const upgrade = takeUpgrade(raw);
  mayTakeLong(raw);
  // Links in what is there would lead nowhere otherwise (https://issue.k8s.io/4958).
  const isReading = raw.method === 'GET' || raw.method === 'HEAD';
  if (subpath === '' && isReading && upgrade === undefined) {
    return void (await reply.code(301).header('location', `${prefix}/${query}`).send());
  }
  const outgoing = connect(backend, raw, `${subpath || '/'}${query}`, info.path, upgrade, closed);
  const answer = await answerOf(raw, outgoing, upgrade);
  reply.hijack();
  try {
    if (answer.kind === 'upgraded') await join(answer.upgrade, answer.response, answer.connection);
    else await passBack(reply, answer.response, { prefix, hosts: [`${backend.host}:${backend.port}`, backend.host] });
  } catch (error) {
    reply.raw.destroy();
    if (!closed.aborted) throw error;
  }
}

async function passBack(
  reply: Reply,
  response: IncomingMessage,
  { prefix, hosts }: { prefix: string; hosts: readonly string[] },
): Promise<void> {
  const { raw } = reply.request;
  const headers = passedResponseHeaders(response, { prefix, hosts: [...hosts, raw.headers.host ?? ''] });
  const auditId = String(reply.getHeader('audit-id') ?? '');
  reply.raw.writeHead(response.statusCode ?? 502, response.statusMessage, { 'audit-id': auditId, ...headers });
  await writePieces(reply.raw, response as AsyncIterable<Buffer>);
  // A backend may answer before it has everything; the connection is for further requests all the same, unless that takes too long.
  raw.unpipe();
  raw.resume();
  if (!raw.complete) await drainBody(raw);
  if (!raw.complete) raw.destroy();
}

function connect(
  { protocol, host, port }: Backend,
  incoming: IncomingMessage,
  path: string,
  asked: string,
  upgrade: Upgrade | undefined,
  signal: AbortSignal,
): ClientRequest {
  const headers = passedRequestHeaders(incoming, asked);
  const own = upgrade ? { connection: 'Upgrade', upgrade: incoming.headers.upgrade } : { connection: 'keep-alive' };
  const options = { host, port, path, method: incoming.method, headers: { ...headers, ...own }, agent: false, signal };
  // Certificates of pods are signed by nobody that k2d knows; Kubernetes does not ask for more either.
  const request =
    protocol === 'https:' ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
  const timer = setTimeout(() => request.destroy(new Error('dial timeout')), connectWithin);
  request.once('socket', (socket) => socket.once('connect', () => clearTimeout(timer)));
  request.once('close', () => clearTimeout(timer));
  return request;
}

type BackendAnswer =
  | { kind: 'answered'; response: IncomingMessage }
  | { kind: 'upgraded'; response: IncomingMessage; connection: Duplex; upgrade: Upgrade };

/** Sends what the client sends until the backend answers, which may be before the client has ended. */
function answerOf(
  incoming: IncomingMessage,
  outgoing: ClientRequest,
  upgrade: Upgrade | undefined,
): Promise<BackendAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<BackendAnswer>();
  outgoing.once('response', (response) => resolve({ kind: 'answered', response }));
  outgoing.once('upgrade', (response, connection, head) => {
    connection.on('error', () => connection.destroy());
    if (upgrade === undefined) {
      connection.destroy();
      return reject(unreachable(new Error('it wants another protocol')));
    }
    if (head.length > 0) connection.unshift(head);
    resolve({ kind: 'upgraded', response, connection, upgrade });
  });
  // Later ones are those of the streams that the answer consists of.
  outgoing.on('error', (error) => reject(unreachable(error)));
  if (upgrade === undefined) incoming.pipe(outgoing);
  else outgoing.end();
  return promise;
}

const unreachable = (cause: Error) =>
  new StatusError(503, 'ServiceUnavailable', `error trying to reach service: ${cause.message}`, undefined, { cause });

/** Both ways until one of them ends. */
async function join({ socket, head }: Upgrade, response: IncomingMessage, connection: Duplex): Promise<void> {
  const lines = response.rawHeaders.flatMap((name, index, all) =>
    index % 2 === 0 ? `${name}: ${all[index + 1]}` : [],
  );
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
  if (head.length > 0) connection.write(head);
  socket.pipe(connection).pipe(socket);
  const ended = new AbortController();
  await Promise.race(
    [socket, connection].map((end) => once(end, 'close', { signal: ended.signal }).catch(() => undefined)),
  );
  ended.abort();
  socket.destroy();
  connection.destroy();
}
