import { join } from 'node:path';

/** Where certificates and keys lie below the data path. */
export function pkiFiles(dataPath: string) {
  const folder = join(dataPath, 'pki');
  return {
    folder,
    authority: join(folder, 'ca.crt'),
    authorityKey: join(folder, 'ca.key'),
    tokenKey: join(folder, 'sa.key'),
    /** Certificate and key in one file, as the kubelet keeps its own. */
    server: join(folder, 'server.pem'),
    administrator: join(folder, 'admin.pem'),
  };
}

export type PkiFiles = ReturnType<typeof pkiFiles>;
