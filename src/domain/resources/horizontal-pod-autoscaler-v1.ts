import { metaOf } from '../meta/object-key.ts';
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerV1, KubernetesObject } from '../meta/types.ts';
import { autoscalerColumns, autoscalerNames, horizontalPodAutoscalers } from './horizontal-pod-autoscaler.ts';
import { defineResource, type Column } from './resource-definition.ts';

// autoscaling/v1 knows one metric; all that it cannot say is in annotations (kubernetes pkg/apis/autoscaling/annotations.go, v1/conversion.go).

const metricsAnnotation = 'autoscaling.alpha.kubernetes.io/metrics';
const behaviorAnnotation = 'autoscaling.alpha.kubernetes.io/behavior';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
type Metric = NonNullable<Spec['metrics']>[number];

const isCpuShare = ({ type, resource }: Metric): boolean =>
  type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;

function fromStored(object: KubernetesObject): HorizontalPodAutoscalerV1 {
  const { spec, status, metadata } = object as HorizontalPodAutoscaler;
  const { metrics = [], behavior, ...kept } = spec ?? ({} as Spec);
  const share = metrics.find(isCpuShare);
  const others = metrics.filter((metric) => metric !== share);
  const { currentMetrics = [], conditions: _conditions, ...counts } = status ?? { desiredReplicas: 0 };
  const seen = currentMetrics.find(({ resource }) => resource?.name === 'cpu')?.resource?.current.averageUtilization;
  const target = share?.resource?.target.averageUtilization;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      ...metadata,
      ...(others.length + (behavior ? 1 : 0) === 0
        ? {}
        : {
            annotations: {
              ...metadata?.annotations,
              ...(others.length > 0 ? { [metricsAnnotation]: JSON.stringify(others) } : {}),
              ...(behavior ? { [behaviorAnnotation]: JSON.stringify(behavior) } : {}),
            },
          }),
    },
    spec: { ...kept, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: {
      ...counts,
      currentReplicas: counts.currentReplicas ?? 0,
      ...(seen === undefined ? {} : { currentCPUUtilizationPercentage: seen }),
    },
  };
}

function toStored(object: HorizontalPodAutoscalerV1): HorizontalPodAutoscaler {
  const {
    [metricsAnnotation]: others,
    [behaviorAnnotation]: behavior,
    ...annotations
  } = metaOf(object).annotations ?? {};
  const { targetCPUUtilizationPercentage: share, ...spec } =
    object.spec ?? ({} as NonNullable<HorizontalPodAutoscalerV1['spec']>);
  const { annotations: _all, ...metadata } = metaOf(object);
  const target = { type: 'Utilization', averageUtilization: share! };
  const metrics = [
    ...(share === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target } }]),
    ...(read<Metric[]>(others) ?? []),
  ];
  const rules = read<NonNullable<Spec['behavior']>>(behavior);
  const { currentCPUUtilizationPercentage: seen, ...counts } = object.status ?? {
    currentReplicas: 0,
    desiredReplicas: 0,
  };
  const current = { averageUtilization: seen ?? 0, averageValue: '0' };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { ...metadata, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: { ...spec, ...(metrics.length > 0 ? { metrics } : {}), ...(rules ? { behavior: rules } : {}) },
    status: {
      ...counts,
      ...(seen === undefined ? {} : { currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current } }] }),
    },
  };
}

/** What is no JSON says nothing, as in Kubernetes. */
function read<T>(text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/** The same autoscalers in the words of the first version. */
export const horizontalPodAutoscalersV1 = defineResource<HorizontalPodAutoscalerV1>({
  ...autoscalerNames,
  version: 'v1',
  storedAs: { definition: horizontalPodAutoscalers, toStored, fromStored },
  columns: autoscalerColumns.map((column): Column<HorizontalPodAutoscalerV1> => ({
    ...column,
    cell: (autoscaler, now) => column.cell(toStored(autoscaler), now),
  })),
});
