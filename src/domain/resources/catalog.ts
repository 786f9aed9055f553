import { configMaps } from './config-map.ts';
import { deployments } from './deployment.ts';
import { endpointSlices } from './endpoint-slice.ts';
import { endpoints } from './endpoints.ts';
import { events } from './event.ts';
import { mutatingWebhookConfigurations } from './mutating-webhook-configuration.ts';
import { namespaces } from './namespace.ts';
import { nodes } from './node.ts';
import { pods } from './pod.ts';
import { replicaSets } from './replica-set.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { secrets } from './secret.ts';
import { serviceAccounts } from './service-account.ts';
import { services } from './service.ts';
import { validatingWebhookConfigurations } from './validating-webhook-configuration.ts';

/** Every resource there is: registry, routes, discovery and OpenAPI follow from this list. */
export const catalog: readonly ResourceDefinition[] = [
  namespaces,
  nodes,
  pods,
  configMaps,
  secrets,
  services,
  endpoints,
  endpointSlices,
  events,
  serviceAccounts,
  deployments,
  replicaSets,
  mutatingWebhookConfigurations,
  validatingWebhookConfigurations,
];
