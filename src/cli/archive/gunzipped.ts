import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The stream itself, or what was packed where it is gzip (RFC 1952, 2.3.1). */
export async function gunzipped(source: Readable): Promise<Readable> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  const whole = Readable.from(joined(first, chunks), { objectMode: false });
  if (first.done || first.value[0] !== 0x1f || first.value[1] !== 0x8b) return whole;
  const gunzip = createGunzip();
  whole.once('error', (error) => gunzip.destroy(error));
  return whole.pipe(gunzip);
}

async function* joined(first: IteratorResult<Buffer, unknown>, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value;
}
