import { nodeMetrics } from './node-metrics.ts';
import { podMetrics } from './pod-metrics.ts';
import type { ResourceDefinition } from './resource-definition.ts';

/** Served beside the catalog, whose objects are stored: nobody measures while nobody asks. */
export const measuredResources: readonly ResourceDefinition[] = [nodeMetrics, podMetrics];
