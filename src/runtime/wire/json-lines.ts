import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';

/** A line holds one event with all its labels, among them a pod's whole manifest. */
const maxLineBytes = 4 * 1024 * 1024;

/** The values of a stream of JSON texts, one a line. Internal when a line is no JSON or too long. */
export async function* jsonLines<T>(body: AsyncIterable<Buffer>): AsyncIterable<T> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.subarray(0, end).toString().trim();
      rest = rest.subarray(end + 1);
      if (line !== '') yield parse<T>(line);
    }
    if (rest.length > maxLineBytes) throw new RuntimeError('Internal', `a line of more than ${maxLineBytes} bytes`);
  }
  const last = rest.toString().trim();
  if (last !== '') yield parse<T>(last);
}

function parse<T>(line: string): T {
  try {
    return JSON.parse(line) as T;
  } catch {
    throw new RuntimeError('Internal', `not JSON: ${line.slice(0, 200)}`);
  }
}
