import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readTar } from '../archive/read-tar.ts';
import { writeTar, type TarMember } from '../archive/write-tar.ts';
import { withDockerManifest } from './with-docker-manifest.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const blob = (letter: string) => `blobs/sha256/${letter.repeat(64)}`;

async function archive(files: Readonly<Record<string, unknown>>): Promise<Buffer> {
  async function* members(): AsyncGenerator<TarMember> {
    for (const [path, value] of Object.entries(files)) {
      const text = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
      const entry = { path, type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: text.length } as const;
      yield { entry, content: Readable.from([text]) };
    }
  }
  return Buffer.concat(await Array.fromAsync(writeTar(members())));
}

async function through(files: Readonly<Record<string, unknown>>): Promise<Map<string, string>> {
  const bytes = await buffer(withDockerManifest(Readable.from([await archive(files)])));
  const found = new Map<string, string>();
  for await (const { entry, content } of readTar(Readable.from([bytes])))
    found.set(entry.path, Buffer.concat(await Array.fromAsync(content)).toString());
  return found;
}

const oci = {
  [blob('m')]: { config: { digest: digest('c') }, layers: [{ digest: digest('1') }, { digest: digest('2') }] },
  [blob('c')]: { architecture: 'amd64' },
  [blob('1')]: 'layer',
  [blob('2')]: 'x'.repeat(300_000),
  'oci-layout': { imageLayoutVersion: '1.0.0' },
};
const named = { digest: digest('m'), annotations: { 'org.opencontainers.image.ref.name': 'localhost/app:1' } };
const manifest = { Config: blob('c'), RepoTags: ['localhost/app:1'], Layers: [blob('1'), blob('2')] };

describe('an archive of images', () => {
  it("that is Docker's goes through as it is", async () => {
    const files = { 'manifest.json': '[]', 'index.json': '{}', layer: 'x'.repeat(5000) };
    expect(Object.fromEntries(await through(files))).toEqual(files);
  });

  it('that is OCI gets what Docker looks for, wherever its index is', async () => {
    for (const files of [
      { 'index.json': { manifests: [named] }, ...oci },
      { ...oci, 'index.json': { manifests: [named] } },
    ]) {
      const found = await through(files);
      expect(JSON.parse(found.get('manifest.json') ?? '')).toEqual([manifest]);
      expect(found.get(blob('2'))).toBe('x'.repeat(300_000));
    }
  });

  it('for several platforms gives those that are there', async () => {
    const index = { manifests: [{ digest: digest('i'), annotations: named.annotations }] };
    const platforms = { manifests: [{ digest: digest('m') }, { digest: digest('z') }] };
    const found = await through({ ...oci, [blob('i')]: platforms, 'index.json': index });
    expect(JSON.parse(found.get('manifest.json') ?? '')).toEqual([manifest]);
  });

  it('without a name has none', async () => {
    const found = await through({ ...oci, 'index.json': { manifests: [{ digest: digest('m') }] } });
    expect(JSON.parse(found.get('manifest.json') ?? '')).toMatchObject([{ RepoTags: [] }]);
  });

  it('whose index leads in a circle comes to an end', async () => {
    const found = await through({
      [blob('i')]: { manifests: [{ digest: digest('i') }] },
      'index.json': { manifests: [{ digest: digest('i') }] },
    });
    expect(found.get('manifest.json')).toBe('[]');
  });

  it('that is none is refused', async () => {
    await expect(buffer(withDockerManifest(Readable.from([Buffer.alloc(2048, 'x')])))).rejects.toThrow(
      'no tar archive',
    );
  });
});
