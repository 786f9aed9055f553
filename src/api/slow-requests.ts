import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** By their connections. */
const passedOn = new WeakMap<Socket, IncomingMessage>();

/**
 * Its body goes on to somebody else as it comes, so it may take as long as it moves: Kubernetes has no limit for proxies either (apiserver
 * pkg/server/config.go LongRunningFunc).
 */
export const mayTakeLong = (request: IncomingMessage): void => void passedOn.set(request.socket, request);

/**
 * For what Node finds wrong with a connection (`clientError`), among it a request that has not come in whole within the limit, which Node says once.
 * The limit is in milliseconds; a request that may take long is cut when nothing has moved for as long.
 */
export const clientErrorHandler =
  (limit: number) =>
  (error: Error & { code?: string }, socket: Socket): void => {
    const request = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? passedOn.get(socket) : undefined;
    if (request && !request.complete) cutWhenIdle(request, limit);
    else refuse(error.code, socket);
  };

/** Node tells nothing of what is refused before there is a request but its code. */
const statuses: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

function refuse(code = '', socket: Socket): void {
  const status = statuses[code] ?? 400;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  if (socket.writable) socket.write(head);
  socket.destroy();
}

/** How often is looked within the limit: one look alone may come late, when much has moved that nobody has seen yet. */
const looks = 4;

function cutWhenIdle(request: IncomingMessage, limit: number): void {
  const { socket } = request;
  let before = 0;
  let idle = 0;
  const look = () => {
    const moved = socket.bytesRead + socket.bytesWritten;
    idle = moved === before ? idle + 1 : 0;
    before = moved;
    if (idle >= looks) socket.destroy();
  };
  const timer = setInterval(look, limit / looks).unref();
  request.once('close', () => clearInterval(timer));
}
