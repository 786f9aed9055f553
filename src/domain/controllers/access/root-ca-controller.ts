import type { Logger } from '../../meta/logger.ts';
import { metaOf } from '../../meta/object-key.ts';
import { isAlreadyExists, isNotFound } from '../../meta/status-error.ts';
import type { ConfigMap } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { configMaps } from '../../resources/config-map.ts';
import { namespaces } from '../../resources/namespace.ts';
import { isActiveNamespace } from '../active-namespace.ts';
import { runController, source } from '../controller.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';

export type RootCaControllerOptions = {
  registry: Registry;
  /** PEM of the authority that signed the API server's certificate. */
  authority: string;
  logger: Logger;
  signal: AbortSignal;
};

const name = 'kube-root-ca.crt';
const fileName = 'ca.crt';

/** kubernetes pkg/controller/certificates/rootcacertpublisher/publisher.go DescriptionAnnotation */
const annotations = {
  'kubernetes.io/description':
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
};

/** Publishes the authority in every active namespace, for pods to check whom they talk to. */
export function startRootCaController({ registry, authority, logger, signal }: RootCaControllerOptions): Promise<void> {
  return runController({
    name: 'root-ca-controller',
    registry,
    logger,
    sources: [
      source(namespaces, ({ object }) => [metaOf(object).name ?? '']),
      source(configMaps, ({ object }) => (metaOf(object).name === name ? [metaOf(object).namespace ?? ''] : [])),
    ],
    reconcile: (namespace) => publish(registry, namespace, authority),
    signal,
    concurrency: 2,
  });
}

async function publish(registry: Registry, namespace: string, authority: string): Promise<void> {
  if (!isActiveNamespace(registry, namespace)) return;
  const key = { namespace, name };
  const data = { [fileName]: authority };
  try {
    if (registry.find(configMaps, key)) await registry.update(configMaps, key, (current) => published(current, data));
    else await registry.create(configMaps, published({ metadata: key }, data));
  } catch (error) {
    // Made or removed at the same moment: the change that did it brings the namespace here again.
    if (!isAlreadyExists(error) && !isNotFound(error) && !isNamespaceTerminating(error)) throw error;
  }
}

const published = (configMap: ConfigMap, data: Record<string, string>): ConfigMap => ({
  ...configMap,
  metadata: { ...metaOf(configMap), annotations: { ...metaOf(configMap).annotations, ...annotations } },
  data,
});
