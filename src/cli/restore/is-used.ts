import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemNamespaces } from '../../domain/resources/namespace.ts';

/** Resources of which k2d makes some by itself, in every namespace or of the cluster; how those that others make differ is not worth knowing here. */
const made =
  /^(configmaps|customresourcedefinitions\..*|endpoints|endpointslices\..*|namespaces|nodes|priorityclasses\..*|serviceaccounts|services|storageclasses\..*|clusterroles\..*|clusterrolebindings\..*|roles\..*|rolebindings\..*|leases\..*)$/;

/** Whether somebody has made objects here: namespaces, workloads, Secrets, Services. */
export async function isUsed(dataPath: string): Promise<boolean> {
  const objects = join(dataPath, 'objects');
  const names = (folder: string) => readdir(join(objects, folder)).catch(() => []);
  for (const resource of await names('.')) {
    if (made.test(resource)) continue;
    for (const namespace of await names(resource)) if ((await names(join(resource, namespace))).length > 0) return true;
  }
  const known: readonly string[] = systemNamespaces;
  if ((await names('namespaces/_cluster')).some((name) => !known.includes(name))) return true;
  return (await names('services/default')).some((name) => name !== 'kubernetes');
}

/** The bound of versions that were given out here; 0 on a device that never ran k2d. */
export const versionBound = async (dataPath: string): Promise<number> =>
  Number(await readFile(join(dataPath, 'resource-version'), 'utf8').catch(() => '0')) || 0;
