import { acceptsGzip } from './accepts-gzip.ts';
import type { Reply } from './app.ts';
import { encode, encodeList } from './codec/encode.ts';
import { compressionThreshold, compressPieces, compressText } from './compressed.ts';
import type { Presentation } from './presentation.ts';
import { servePortForward } from './streaming/serve-port-forward.ts';
import { serveRemoteCommand } from './streaming/serve-remote-command.ts';
import { isUpgrade } from './streaming/upgrades.ts';
import { writeToWebSocket } from './streaming/write-to-web-socket.ts';
import type { Answer } from './verb.ts';
import { writeStream } from './write-stream.ts';

/** Writes what a verb answered, as the client asked to see it. */
export async function sendAnswer(reply: Reply, answer: Answer, presentation: Presentation): Promise<void> {
  switch (answer.kind) {
    case 'object':
      return sendDocument(reply, answer.code, presentation.object(answer.object, answer.columns), presentation);
    case 'status':
      return sendDocument(reply, answer.code, answer.status, presentation);
    case 'list':
      return sendList(reply, answer, presentation);
    case 'remote-command':
      return serveRemoteCommand(reply, answer.wire, answer.command);
    case 'port-forward':
      return servePortForward(reply, answer.wire, answer.forward);
    case 'proxy':
      return (await import('./proxy/serve-proxy.ts')).serveProxy(reply, answer.backend, answer.closed);
    case 'stream':
      if (isUpgrade(reply.request.raw, 'websocket')) return writeToWebSocket(reply, answer.pieces);
      return writeStream(reply, answer.contentType, answer.pieces);
  }
}

async function sendDocument(
  reply: Reply,
  code: number,
  document: unknown,
  { encoding }: Pick<Presentation, 'encoding'>,
): Promise<void> {
  await sendText(reply.code(code), await encode(document, encoding), encoding);
}

/** A list that fits into memory easily is made before anything is sent, so that what fails becomes an error; a longer one while it is sent. */
async function sendList(
  reply: Reply,
  { objects, metadata }: Extract<Answer, { kind: 'list' }>,
  presentation: Presentation,
): Promise<void> {
  const document = presentation.list(objects, metadata);
  if (presentation.encoding === 'yaml') {
    const whole = { ...document.head, [document.elementsKey]: [...document.elements] };
    return sendDocument(reply, 200, whole, presentation);
  }
  const pieces = encodeList(document);
  const { text, isWhole } = beginningOf(pieces);
  if (isWhole) return sendText(reply, text, 'json');
  const all = following(text, pieces);
  if (!takesGzip(reply)) return writeStream(reply, 'application/json', all);
  return writeStream(reply.headers(gzipHeaders), 'application/json', compressPieces(all));
}

/** As much as is sent in one piece, if there is so much. */
function beginningOf(pieces: Iterator<string>): { text: string; isWhole: boolean } {
  let text = '';
  while (text.length < compressionThreshold) {
    const { done, value } = pieces.next();
    if (done) return { text, isWhole: true };
    text += value;
  }
  return { text, isWhole: false };
}

function* following(first: string, rest: Iterable<string>): Generator<string> {
  yield first;
  yield* rest;
}

const gzipHeaders = { 'content-encoding': 'gzip', vary: 'Accept-Encoding' };

const takesGzip = (reply: Reply): boolean => acceptsGzip(reply.request.headers['accept-encoding']);

/** As bytes, for to text Fastify would add a charset. */
async function sendText(reply: Reply, text: string, encoding: Presentation['encoding']): Promise<void> {
  reply.type(`application/${encoding}`);
  const isWorthIt = text.length >= compressionThreshold && takesGzip(reply);
  if (isWorthIt) await reply.headers(gzipHeaders).send(await compressText(text));
  else await reply.send(Buffer.from(text));
}
