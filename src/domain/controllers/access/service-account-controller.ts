import type { Logger } from '../../meta/logger.ts';
import { metaOf } from '../../meta/object-key.ts';
import { isAlreadyExists } from '../../meta/status-error.ts';
import type { Registry } from '../../registry/registry.ts';
import { namespaces } from '../../resources/namespace.ts';
import { serviceAccounts } from '../../resources/service-account.ts';
import { isActiveNamespace } from '../active-namespace.ts';
import { runController, source } from '../controller.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';

export type ServiceAccountControllerOptions = { registry: Registry; logger: Logger; signal: AbortSignal };

export const defaultAccount = 'default';

/** Every active namespace has the account `default` (kubernetes pkg/controller/serviceaccount/serviceaccounts_controller.go). */
export function startServiceAccountController({
  registry,
  logger,
  signal,
}: ServiceAccountControllerOptions): Promise<void> {
  return runController({
    name: 'service-account-controller',
    registry,
    logger,
    sources: [
      source(namespaces, ({ object }) => [metaOf(object).name ?? '']),
      source(serviceAccounts, ({ type, object }) => (type === 'DELETED' ? [metaOf(object).namespace ?? ''] : [])),
    ],
    reconcile: (namespace) => ensureDefaultAccount(registry, namespace),
    signal,
    concurrency: 2,
  });
}

async function ensureDefaultAccount(registry: Registry, namespace: string): Promise<void> {
  const key = { namespace, name: defaultAccount };
  if (!isActiveNamespace(registry, namespace) || registry.find(serviceAccounts, key)) return;
  try {
    await registry.create(serviceAccounts, { metadata: key });
  } catch (error) {
    if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
  }
}
