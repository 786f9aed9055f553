import { join } from 'node:path';
import { pkiFiles } from '../../api/auth/pki-files.ts';

/** What lies below the data path. */
export const stateFiles = {
  /** What a backup takes and a restore puts in place of what is there; the server's certificate is of a device and made anew. */
  kept: ['resource-version', 'objects', 'pki', 'seccomp'],
  /** The content of claims' volumes: kept where that is asked for. */
  volumes: 'volumes',
  /** Of one device and what runs there. */
  ofDevice: ['pods', 'kubeconfig', 'pulled-images.json'],
} as const;

/** Those of pki that go along, by their path below the data path. */
export function keptKeys(): ReadonlySet<string> {
  const { authority, authorityKey, tokenKey, administrator } = pkiFiles('');
  return new Set([authority, authorityKey, tokenKey, administrator].map((path) => path.replace(/^\//, '')));
}

/** A place on the same file system in which something is put together before it is moved at one stroke. */
export const beside = (dataPath: string, what: 'backup' | 'restore', id: string): string =>
  join(dataPath, `.${what}-${id}`);

export const isAbandoned = (name: string): boolean => /^\.(backup|restore)-/.test(name);
