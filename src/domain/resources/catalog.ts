import { configMaps } from './config-map.ts';
import { customResourceDefinitions } from './custom-resource-definition.ts';
import { deployments } from './deployment.ts';
import { endpointSlices } from './endpoint-slice.ts';
import { endpoints } from './endpoints.ts';
import { events } from './event.ts';
import { namespaces } from './namespace.ts';
import { nodes } from './node.ts';
import { pods } from './pod.ts';
import { replicaSets } from './replica-set.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { secrets } from './secret.ts';
import { serviceAccounts } from './service-account.ts';
import { services } from './service.ts';

/** Every resource that is built in: registry, routes, discovery and OpenAPI follow from this list. */
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
  customResourceDefinitions,
];
