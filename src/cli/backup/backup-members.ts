import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { TarMember } from '../archive/write-tar.ts';
import { END, MANIFEST, type End, type Manifest } from './manifest.ts';
import type { SnapshotFile } from './snapshot.ts';
import { volumeMembers } from './volume-members.ts';

const plain = { type: 'file', mode: 0o600, uid: 0, gid: 0 } as const;

/** Manifest, state, volumes, end. */
export async function* backupMembers(
  manifest: Manifest,
  files: readonly SnapshotFile[],
  dataPath: string,
): AsyncGenerator<TarMember> {
  const sum = createHash('sha256');
  let count = 0;
  const mtime = Date.parse(manifest.createdAt) / 1000;
  const summed = (member: TarMember): TarMember => {
    count += 1;
    return member.content
      ? { ...member, content: passing(member.entry.size, member.content, (piece) => sum.update(piece)) }
      : member;
  };
  yield summed(textMember(MANIFEST, manifest, mtime));
  for (const { path, size, mtime, content } of files)
    yield summed({ entry: { ...plain, path, size, mtime }, content: createReadStream(content) });
  if (manifest.volumes) for await (const member of volumeMembers(dataPath, 'volumes')) yield summed(member);
  yield textMember(END, { files: count, sha256: sum.digest('hex') } satisfies End, mtime);
}

function textMember(path: string, value: object, mtime: number): TarMember {
  const text = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return { entry: { ...plain, path, size: text.length, mtime }, content: pieces(text) };
}

async function* pieces(...buffers: Buffer[]): AsyncGenerator<Buffer> {
  yield* buffers;
}

/** Exactly `size` bytes, cut or filled with zeros where the file is another size by now. */
async function* passing(
  size: number,
  content: AsyncIterable<Buffer>,
  saw: (piece: Buffer) => void,
): AsyncGenerator<Buffer> {
  let left = size;
  const seen = (piece: Buffer) => {
    left -= piece.length;
    saw(piece);
    return piece;
  };
  for await (const piece of content) {
    if (left > 0) yield seen(piece.subarray(0, left));
    if (left === 0) break;
  }
  while (left > 0) yield seen(Buffer.alloc(Math.min(left, 65_536)));
}
