import type { Config } from '../../config.ts';
import { admissionChain } from '../../domain/admission/chain.ts';
import { claimResize } from '../../domain/admission/claim-resize.ts';
import { customResourceLifecycle } from '../../domain/admission/custom-resource-lifecycle.ts';
import { defaultIngressClass } from '../../domain/admission/default-ingress-class.ts';
import { defaultStorageClass } from '../../domain/admission/default-storage-class.ts';
import { defaultTolerations } from '../../domain/admission/default-tolerations.ts';
import { engineWarnings } from '../../domain/admission/engine-warnings.ts';
import { foreignPodGuard } from '../../domain/admission/foreign-pod-guard.ts';
import { limitRanger } from '../../domain/admission/limit-ranger.ts';
import { namespaceLifecycle } from '../../domain/admission/namespace-lifecycle.ts';
import { networkAttachments } from '../../domain/admission/network-attachments.ts';
import { nodeAssignment } from '../../domain/admission/node-assignment.ts';
import { validatingPolicies } from '../../domain/admission/policies/validating-policies.ts';
import { podQuota } from '../../domain/admission/pod-quota.ts';
import { podSecurity } from '../../domain/admission/pod-security/pod-security.ts';
import { priority } from '../../domain/admission/priority.ts';
import { rbacEscalation } from '../../domain/admission/rbac-escalation.ts';
import { resourceQuota } from '../../domain/admission/resource-quota.ts';
import { runtimeClass } from '../../domain/admission/runtime-class.ts';
import { serviceAccount } from '../../domain/admission/service-account.ts';
import { serviceAddresses } from '../../domain/admission/service-addresses.ts';
import { storageProtection } from '../../domain/admission/storage-protection.ts';
import type { HasCaughtUp } from '../../domain/admission/webhooks/exempt.ts';
import type { VersionsOf } from '../../domain/admission/webhooks/match-webhook.ts';
import { mutatingWebhooks } from '../../domain/admission/webhooks/mutating-webhooks.ts';
import { validatingWebhooks } from '../../domain/admission/webhooks/validating-webhooks.ts';
import type { NodeCapabilities } from '../../domain/container-runtime/node-capabilities.ts';
import { systemClock } from '../../domain/meta/clock.ts';
import type { Logger } from '../../domain/meta/logger.ts';
import { Registry } from '../../domain/registry/registry.ts';
import { serveEstablished } from '../../domain/registry/serve-custom-resource.ts';
import type { ResourceCatalog } from '../../domain/resources/resource-catalog.ts';
import { resourceName } from '../../domain/resources/resource-definition.ts';
import { fileStore } from '../../store/file-store.ts';
import { webhookClient } from '../../webhook/webhook-client.ts';

/** Changes kept per resource for watches that come late. */
const watchHistory = 256;

/** Pods in memory, running or not: some 20 kB each. */
const maxPods = 500;

export type RegistryParts = {
  config: Config;
  catalog: ResourceCatalog;
  logger: Logger;
  hasCaughtUp: HasCaughtUp;
  node: NodeCapabilities;
};

/**
 * Stored intent with everything that decides about writes, in kube-apiserver's order of plug-ins. The resources that users have defined join
 * the catalog.
 */
export async function openRegistry({ config, catalog, logger, hasCaughtUp, node }: RegistryParts): Promise<Registry> {
  const versionsOf: VersionsOf = (resource) =>
    catalog.definitions.filter((definition) => resourceName(definition) === resourceName(resource));
  const { nodeName, serviceCidr, nodePorts } = config;
  const random = Math.random;
  const webhooks = { call: webhookClient({ random }), versionsOf, hasCaughtUp, logger };
  const beforeWebhooks = [
    namespaceLifecycle(),
    customResourceLifecycle(),
    rbacEscalation(),
    foreignPodGuard(),
    limitRanger(),
    serviceAccount({ random }),
    priority(),
    defaultTolerations(),
    runtimeClass(),
    defaultStorageClass(),
    defaultIngressClass(),
    storageProtection(),
    claimResize(),
  ];
  const admission = admissionChain([
    ...beforeWebhooks,
    mutatingWebhooks({ ...webhooks, earlier: admissionChain(beforeWebhooks) }),
    // In Kubernetes these happen after admission: a pod is placed and a Service gets addresses as webhooks left them.
    nodeAssignment({ nodeName, clock: systemClock }),
    serviceAddresses({ serviceCidr, nodePorts, random }),
    podSecurity(),
    validatingPolicies({ versionsOf, kinds: () => catalog.definitions, hasCaughtUp, logger }),
    validatingWebhooks(webhooks),
    engineWarnings(node),
    networkAttachments(),
    podQuota({ maxPods }),
    resourceQuota({ clock: systemClock }),
  ]);
  const store = fileStore(config.dataPath, logger);
  const registry = await Registry.open({
    catalog: catalog.builtIn,
    store,
    admission,
    clock: systemClock,
    random,
    history: watchHistory,
  });
  await serveEstablished(registry, catalog);
  return registry;
}
