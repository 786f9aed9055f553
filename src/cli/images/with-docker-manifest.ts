import { Readable } from 'node:stream';
import { ByteSource } from '../archive/byte-source.ts';
import { BLOCK, headerBlocks, padding, readHeader } from '../archive/tar-header.ts';
import { dockerManifest } from './oci-archive.ts';

/** Manifests are small; among the blobs, layers are not. */
const MOST_TEXT_BYTES = 256 * 1024;
const MOST_TEXTS = 200;

/** The same tar, and, behind an OCI archive, the manifest.json that Docker looks for. Files are found by name, so their order does not matter. */
export const withDockerManifest = (tar: AsyncIterable<Uint8Array>): Readable =>
  Readable.from(withManifest(new ByteSource(tar)), { objectMode: false });

async function* withManifest(source: ByteSource): AsyncGenerator<Buffer> {
  const texts = new Map<string, string>();
  let isDockers = false;
  for (let block = await source.take(BLOCK); block; block = await source.take(BLOCK)) {
    const header = readHeader(block);
    if (!header) break;
    yield block;
    const padded = Math.ceil(header.size / BLOCK) * BLOCK;
    const path = header.path.replace(/^\.\//, '');
    isDockers ||= path === 'manifest.json';
    const keeps =
      header.size <= MOST_TEXT_BYTES && texts.size < MOST_TEXTS && (path === 'index.json' || path.startsWith('blobs/'));
    const kept: Buffer[] = [];
    for await (const piece of source.pieces(padded)) {
      if (keeps) kept.push(Buffer.from(piece));
      yield piece;
    }
    if (keeps) texts.set(path, Buffer.concat(kept).toString('utf8', 0, header.size));
  }
  if (!isDockers && texts.has('index.json')) yield manifestFile(texts);
  yield Buffer.alloc(2 * BLOCK);
}

function manifestFile(texts: ReadonlyMap<string, string>): Buffer {
  const text = Buffer.from(JSON.stringify(dockerManifest(texts)));
  const entry = {
    path: 'manifest.json',
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: text.length,
    mtime: 0,
  } as const;
  return Buffer.concat([headerBlocks(entry), text, padding(text.length)]);
}
