import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pkiFiles } from '../../api/auth/pki-files.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import { writeDurably } from '../../store/durable-file.ts';
import type { Manifest } from '../backup/manifest.ts';
import { relocate, type Place } from './relocate.ts';

/** What was unpacked, checked and made this device's own. Answers how many objects there are. `bound` is the last version that clients here may have seen. */
export async function settleBackup(folder: string, manifest: Manifest, here: Place, bound: number): Promise<number> {
  await checkAuthority(folder);
  const versions = join(folder, 'resource-version');
  const theirs = Number(await readFile(versions, 'utf8'));
  if (!Number.isSafeInteger(theirs)) throw new Error('the backup has no bound of its versions');
  if (theirs < bound) await writeDurably(versions, `${bound}\n`);
  let count = 0;
  for await (const { resource, path } of objectFiles(join(folder, 'objects'))) {
    await settleObject(resource, path, manifest, here);
    count += 1;
  }
  return count;
}

async function settleObject(resource: string, path: string, from: Place, here: Place): Promise<void> {
  const object = JSON.parse(await readFile(path, 'utf8')) as KubernetesObject;
  const name = object.metadata?.name;
  if (typeof name !== 'string') throw new Error(`${resource}: an object has no name`);
  const settled = relocate(resource, object, from, here);
  if (JSON.stringify(settled) === JSON.stringify(object)) return;
  const moved = join(path, '..', settled.metadata?.name ?? name);
  await writeDurably(moved, `${JSON.stringify(settled, null, 2)}\n`);
  if (moved !== path) await rm(path);
}

/** Kubeconfigs keep working only where key and certificate are those which they know. */
async function checkAuthority(folder: string): Promise<void> {
  const files = pkiFiles(folder);
  const certificate = new X509Certificate(await readFile(files.authority));
  const key = createPrivateKey(await readFile(files.authorityKey));
  if (!certificate.checkPrivateKey(key)) throw new Error("the backup's authority and its key do not belong together");
  createPrivateKey(await readFile(files.tokenKey));
}

async function* objectFiles(objects: string): AsyncGenerator<{ resource: string; path: string }> {
  for (const resource of await readdir(objects))
    for (const namespace of await readdir(join(objects, resource)))
      for (const name of await readdir(join(objects, resource, namespace)))
        yield { resource, path: join(objects, resource, namespace, name) };
}
