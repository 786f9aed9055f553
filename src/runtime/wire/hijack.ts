import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export type HijackRequest = {
  socketPath: string;
  /** With its query, everything encoded. */
  path: string;
  body: object | undefined;
  /** To the answer's headers. */
  timeoutMs: number;
};

export type HijackAnswer = { kind: 'upgraded'; socket: Socket } | { kind: 'refused'; status: number; body: string };

const maxHeaderBytes = 16 * 1024;
const maxRefusalBytes = 64 * 1024;

/**
 * Takes over the connection of a request to an engine, as it offers for the streams of a process (Docker Engine API, "Attach to a container");
 * Podman speaks the same. The signal ends the connection too, whenever it comes. Fails as the connection does, and when the answer is late.
 */
export async function hijack(wanted: HijackRequest, signal: AbortSignal): Promise<HijackAnswer> {
  const { socketPath, path, timeoutMs } = wanted;
  // Where none is asked for, Podman hands a body to the process.
  const body = wanted.body === undefined ? '' : JSON.stringify(wanted.body);
  const request = httpRequest({
    socketPath,
    path,
    method: 'POST',
    headers: {
      Host: 'localhost',
      Connection: 'Upgrade',
      Upgrade: 'tcp',
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    },
    // One connection a request; it never serves another one.
    agent: false,
    maxHeaderSize: maxHeaderBytes,
    signal,
  });
  const late = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
  try {
    const answer = answerOf(request);
    request.end(body);
    return await answer;
  } finally {
    clearTimeout(late);
  }
}

async function answerOf(request: ClientRequest): Promise<HijackAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HijackAnswer>();
  request.once('error', reject);
  request.once('upgrade', (_answer, socket: Socket, head: Buffer) => {
    if (head.length > 0) socket.unshift(head);
    resolve({ kind: 'upgraded', socket });
  });
  request.once('response', (answer: IncomingMessage) => {
    refusalOf(answer).then(resolve, reject);
  });
  return promise;
}

async function refusalOf(answer: IncomingMessage): Promise<HijackAnswer> {
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxRefusalBytes) answer.destroy();
  });
  return { kind: 'refused', status: answer.statusCode ?? 0, body: await text(answer) };
}
