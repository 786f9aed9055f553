import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemNamespaces } from '../../domain/resources/namespace.ts';

const defaultRoles = /^(system:.*|cluster-admin|admin|edit|view)$/;
const anything = /^/;

/** What k2d makes by itself, by the folder in which it is stored. */
const made: Readonly<Record<string, RegExp>> = {
  configmaps: /^kube-root-ca\.crt$/,
  'customresourcedefinitions.apiextensions.k8s.io': /^network-attachment-definitions\./,
  endpoints: /^kubernetes$/,
  'endpointslices.discovery.k8s.io': /^kubernetes$/,
  'clusterroles.rbac.authorization.k8s.io': defaultRoles,
  'clusterrolebindings.rbac.authorization.k8s.io': defaultRoles,
  'roles.rbac.authorization.k8s.io': defaultRoles,
  'rolebindings.rbac.authorization.k8s.io': defaultRoles,
  namespaces: new RegExp(`^(${systemNamespaces.join('|')})$`),
  nodes: anything,
  'leases.coordination.k8s.io': anything,
  'priorityclasses.scheduling.k8s.io': /^system-/,
  serviceaccounts: /^default$/,
  services: /^kubernetes$/,
  'storageclasses.storage.k8s.io': /^local$/,
};

/** Whether somebody has made objects here. */
export async function isUsed(dataPath: string): Promise<boolean> {
  const objects = join(dataPath, 'objects');
  const names = (...folder: string[]) => readdir(join(objects, ...folder)).catch(() => []);
  for (const resource of await names())
    for (const namespace of await names(resource))
      for (const name of await names(resource, namespace)) if (!made[resource]?.test(name)) return true;
  return false;
}

/** The bound of versions that were given out here; 0 on a device that never ran k2d. */
export const versionBound = async (dataPath: string): Promise<number> =>
  Number(await readFile(join(dataPath, 'resource-version'), 'utf8').catch(() => '0')) || 0;
