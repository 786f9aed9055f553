import { Readable } from 'node:stream';
import { ByteReader } from '../../domain/meta/byte-reader.ts';
import { nextBlock, piecesOf } from '../archive/archive-bytes.ts';
import { BLOCK, headerBlocks, padding, readHeader } from '../archive/tar-header.ts';
import { dockerManifest } from './oci-archive.ts';

/** Manifests are small; among the blobs, layers are not. */
const MOST_TEXT_BYTES = 256 * 1024;
const MOST_TEXTS = 200;

/** The same tar, and, behind an OCI archive, the manifest.json that Docker looks for. Files are found by name, so their order does not matter. */
export const withDockerManifest = (tar: AsyncIterable<Buffer>): Readable =>
  Readable.from(withManifest(new ByteReader(tar)), { objectMode: false });

async function* withManifest(archive: ByteReader): AsyncGenerator<Buffer> {
  const texts = new Map<string, string>();
  let isDockers = false;
  for (let block = await nextBlock(archive); block; block = await nextBlock(archive)) {
    const header = readHeader(block);
    if (!header) break;
    yield block;
    const padded = Math.ceil(header.size / BLOCK) * BLOCK;
    const path = header.path.replace(/^\.\//, '');
    isDockers ||= path === 'manifest.json';
    const keeps =
      header.size <= MOST_TEXT_BYTES && texts.size < MOST_TEXTS && (path === 'index.json' || path.startsWith('blobs/'));
    const kept: Buffer[] = [];
    for await (const piece of piecesOf(archive, padded)) {
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
