import { addressAt, ipv4Range } from '../meta/ipv4-range.ts';
import { keyOf } from '../meta/object-key.ts';
import type { Service } from '../meta/types.ts';
import { customResourceDefinitions } from '../resources/custom-resource-definition.ts';
import { networkAttachmentCrd } from '../resources/network-attachment-definition.ts';
import { namespaces, systemNamespaces } from '../resources/namespace.ts';
import { priorityClasses, systemPriorityClasses } from '../resources/priority-class.ts';
import { bootstrapStorageClass, storageClasses } from '../resources/storage-class.ts';
import { services } from '../resources/service.ts';
import { bootstrapPolicy } from './bootstrap-policy.ts';
import type { Registry } from './registry.ts';

const apiService = { namespace: 'default', name: 'kubernetes' };

export type BootstrapOptions = {
  /** The range that Services get addresses from; the API has the first. */
  serviceCidr: string;
  /** Where the API listens. */
  port: number;
};

/** As the API server writes by itself. */
const itself = { fieldManager: 'kube-apiserver' };

/** Makes what clients expect of a cluster that nobody has used yet, and what an older start left otherwise. */
export async function bootstrap(registry: Registry, options: BootstrapOptions): Promise<void> {
  for (const name of systemNamespaces) {
    if (!registry.find(namespaces, { namespace: '', name }))
      await registry.create(namespaces, { metadata: { name } }, itself);
  }
  await bootstrapPolicy(registry);
  for (const object of systemPriorityClasses) {
    if (!registry.find(priorityClasses, keyOf(object))) await registry.create(priorityClasses, object);
  }
  // Somebody who has classes of his own has decided what is the default.
  if (registry.all(storageClasses).length === 0) await registry.create(storageClasses, bootstrapStorageClass);
  if (!registry.find(customResourceDefinitions, keyOf(networkAttachmentCrd)))
    await registry.create(customResourceDefinitions, networkAttachmentCrd, itself);
  await bootstrapApiService(registry, options);
}

/** An address may not change once set, so after a change of the range the Service is made anew. */
async function bootstrapApiService(registry: Registry, { serviceCidr, port }: BootstrapOptions): Promise<void> {
  const clusterIP = addressAt(ipv4Range(serviceCidr), 1);
  const wanted = apiServiceAt(clusterIP, port);
  const current = registry.find(services, apiService);
  if (current && current.spec?.clusterIP !== clusterIP) await registry.delete(services, apiService);
  if (current?.spec?.clusterIP !== clusterIP) await registry.create(services, wanted, itself);
  else
    await registry.update(
      services,
      apiService,
      (service) => ({ ...service, spec: { ...service.spec, ...wanted.spec } }),
      itself,
    );
}

/** kubernetes pkg/controlplane/controller/kubernetesservice/controller.go */
const apiServiceAt = (clusterIP: string, port: number): Service => ({
  metadata: { ...apiService, labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: {
    type: 'ClusterIP',
    clusterIP,
    clusterIPs: [clusterIP],
    ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }],
  },
});
