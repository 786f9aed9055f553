import { ByteReader } from '../../domain/meta/byte-reader.ts';
import { nextBlock, piecesOf } from './archive-bytes.ts';
import { BLOCK, readHeader, type TarEntry } from './tar-header.ts';

export type ReadMember = { entry: TarEntry; content: AsyncIterable<Buffer> };

const types: Readonly<Record<string, TarEntry['type']>> = {
  '0': 'file',
  '\0': 'file',
  '5': 'directory',
  '2': 'symlink',
};

/** Names are a few hundred bytes; a hostile header asks for gigabytes. */
const MOST_PAX_BYTES = 64 * 1024;

/**
 * Files, folders and symlinks, as k2d's own archives have them; throws at anything else, and at an archive without its end. The content of each
 * is read before the next, or skipped.
 */
export async function* readTar(stream: AsyncIterable<Buffer>): AsyncGenerator<ReadMember> {
  const archive = new ByteReader(stream);
  let pax: Readonly<Record<string, string>> = {};
  for (;;) {
    const block = await nextBlock(archive);
    if (!block) throw new Error('the archive ends too early');
    const header = readHeader(block);
    if (!header) return;
    const size = pax['size'] === undefined ? header.size : Number(pax['size']);
    const padded = Math.ceil(size / BLOCK) * BLOCK;
    if (header.flag === 'x') {
      if (size > MOST_PAX_BYTES) throw new Error('the archive has a name that is too long');
      pax = paxRecords(Buffer.concat(await Array.fromAsync(piecesOf(archive, padded))).subarray(0, size));
      continue;
    }
    const type = types[header.flag];
    if (type === undefined) throw new Error(`${header.path} is neither a file nor a folder nor a symlink`);
    if (!Number.isSafeInteger(size) || (size > 0 && type !== 'file'))
      throw new Error(`${header.path} has an impossible size`);
    const { flag: _flag, ...fields } = header;
    const entry = {
      ...fields,
      type,
      size,
      path: pax['path'] ?? header.path,
      target: pax['linkpath'] ?? header.target ?? '',
    };
    pax = {};
    const rest = piecesOf(archive, padded);
    yield { entry, content: upTo(size, rest) };
    for await (const _skipped of rest);
  }
}

/** The content without what fills its last block; whoever stops early leaves the rest to be skipped. */
async function* upTo(size: number, pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let left = size;
  while (left > 0) {
    const next = await pieces.next();
    if (next.done) return;
    const wanted = next.value.subarray(0, left);
    left -= wanted.length;
    yield wanted;
  }
}

/** `LENGTH KEY=VALUE\n`, again and again. */
function paxRecords(bytes: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < bytes.length;) {
    const length = parseInt(bytes.toString('latin1', at, at + 8), 10);
    const [, key, value] = /^\d+ ([^=]+)=([^]*)\n$/.exec(bytes.toString('utf8', at, at + length)) ?? [];
    if (!(length > 0) || key === undefined || value === undefined) throw new Error('the archive has a damaged header');
    records[key] = value;
    at += length;
  }
  return records;
}
