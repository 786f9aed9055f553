import type { JsonSchema } from '../meta/structural-schema/json-schema.ts';

// What OpenAPI says of metrics.k8s.io, which is not among Kubernetes' own schemas (k8s.io/metrics pkg/apis/metrics/v1beta1/types.go).

const usage: JsonSchema = {
  type: 'object',
  description: 'The CPU, as the mean of the window, and the memory that are used.',
  additionalProperties: { type: 'string', 'x-kubernetes-int-or-string': true },
};

const measured: Readonly<Record<string, JsonSchema>> = {
  timestamp: { type: 'string', format: 'date-time', description: 'When the window ended.' },
  window: { type: 'string', description: 'How long CPU time was counted, such as 15.2s.' },
};

export const nodeMetricsSchema: JsonSchema = {
  type: 'object',
  description: 'What a node uses.',
  required: ['timestamp', 'window', 'usage'],
  properties: { ...measured, usage },
};

export const podMetricsSchema: JsonSchema = {
  type: 'object',
  description: 'What the containers of a pod use.',
  required: ['timestamp', 'window', 'containers'],
  properties: {
    ...measured,
    containers: {
      type: 'array',
      items: { type: 'object', required: ['name', 'usage'], properties: { name: { type: 'string' }, usage } },
    },
  },
};
