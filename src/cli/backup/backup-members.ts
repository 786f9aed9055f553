import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { observed } from '../archive/observed.ts';
import { ofSize } from '../archive/of-size.ts';
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
      ? { ...member, content: observed(ofSize(member.entry.size, member.content), (piece) => sum.update(piece)) }
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
