/** A line of an engine's answer is small; one that is not is no line of its. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** The values of a stream of JSON values, one a line (NDJSON), however the stream is cut into chunks. */
export async function* jsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.subarray(0, end).toString().trim();
      rest = rest.subarray(end + 1);
      if (line !== '') yield JSON.parse(line);
    }
    if (rest.length > MAX_LINE_BYTES) throw new SyntaxError(`a line longer than ${MAX_LINE_BYTES} bytes`);
  }
  const last = rest.toString().trim();
  if (last !== '') yield JSON.parse(last);
}
