import type { Reply } from './app.ts';
import { encode, encodeList } from './codec/encode.ts';
import type { Presentation } from './presentation.ts';
import type { Answer } from './verb.ts';
import { writeStream } from './write-stream.ts';

/** Writes what a verb answered, as the client asked to see it. */
export async function sendAnswer(reply: Reply, answer: Answer, presentation: Presentation): Promise<void> {
  switch (answer.kind) {
    case 'object':
      return sendDocument(reply, answer.code, presentation.object(answer.object), presentation);
    case 'status':
      return sendDocument(reply, answer.code, answer.status, presentation);
    case 'list':
      return sendList(reply, answer, presentation);
    case 'stream':
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

/** A list that fits into one piece is made before anything is sent, so that what fails becomes an error; a longer one while it is sent. */
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
  const [first, second] = [pieces.next(), pieces.next()];
  if (second.done) await sendText(reply, first.value ?? '', 'json');
  else await writeStream(reply, 'application/json', following(first.value ?? '', second.value, pieces));
}

function* following(first: string, second: string, rest: Iterable<string>): Generator<string> {
  yield first;
  yield second;
  yield* rest;
}

/** As bytes, for to text Fastify would add a charset. */
async function sendText(reply: Reply, text: string, encoding: Presentation['encoding']): Promise<void> {
  await reply.type(`application/${encoding}`).send(Buffer.from(text));
}
