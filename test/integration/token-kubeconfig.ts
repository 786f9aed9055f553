import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Config } from '../../src/config.ts';

/** A kubeconfig for the same server whose user has nothing but the token. It goes with the instance. */
export async function tokenKubeconfig({ kubeconfigPath, dataPath }: Config, token: string): Promise<string> {
  const kubeconfig = parse(await readFile(kubeconfigPath, 'utf8')) as { users: { name: string }[] };
  const users = kubeconfig.users.map(({ name }) => ({ name, user: { token } }));
  const path = join(dirname(dataPath), 'token.kubeconfig');
  await writeFile(path, stringify({ ...kubeconfig, users }), { mode: 0o600 });
  return path;
}
