import type { HorizontalPodAutoscaler } from '../meta/types.ts';
import { validateAutoscaler } from './horizontal-pod-autoscaler-validation.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource, type Column } from './resource-definition.ts';
import { scaleDownRules, scaleUpRules } from './scaling-rules.ts';
import { withDefaults } from './with-defaults.ts';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
type Metric = NonNullable<Spec['metrics']>[number];
type Current = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];

/** What an autoscaler looks at when it is told nothing (kubernetes pkg/apis/autoscaling/v2/defaults.go). */
const usual: Metric[] = [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
];

function defaultAutoscaler(autoscaler: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  const { spec } = autoscaler;
  if (!spec) return autoscaler;
  const { behavior } = spec;
  const rules = behavior && {
    behavior: { scaleUp: scaleUpRules(behavior.scaleUp), scaleDown: scaleDownRules(behavior.scaleDown) },
  };
  const metrics = spec.metrics?.length ? spec.metrics : usual;
  return {
    ...autoscaler,
    spec: { ...withDefaults(spec, { minReplicas: 1 }), metrics, ...rules },
    status: autoscaler.status ?? { desiredReplicas: 0 },
  };
}

const wantedOf = ({ type, resource, containerResource }: Metric) =>
  type === 'Resource' ? resource : type === 'ContainerResource' ? containerResource : undefined;

const seenOf = ({ type, resource, containerResource }: Current) =>
  (type === 'Resource' ? resource : type === 'ContainerResource' ? containerResource : undefined)?.current;

/** `cpu: 3%/80%`, as kubectl shows it (kubernetes pkg/printers/internalversion/printers.go formatHPAMetrics). */
function targetText(metric: Metric, current: Current | undefined): string {
  const wanted = wantedOf(metric);
  if (!wanted) return `<unknown>/${metric.type}`;
  const seen = current && seenOf(current);
  const { averageValue, averageUtilization } = wanted.target;
  const percent = (share: number | undefined) => (share === undefined ? undefined : `${share}%`);
  const [now, target] =
    averageValue === undefined
      ? [percent(seen?.averageUtilization), percent(averageUtilization)]
      : [seen?.averageValue, averageValue];
  return `${wanted.name}: ${now ?? '<unknown>'}/${target ?? '<auto>'}`;
}

const targetsText = ({ spec, status }: HorizontalPodAutoscaler): string => {
  const metrics = spec?.metrics ?? [];
  if (metrics.length === 0) return '<none>';
  const shown = metrics.slice(0, 2).map((metric, index) => targetText(metric, status?.currentMetrics?.[index]));
  const more = metrics.length > 2 ? ` + ${metrics.length - 2} more...` : '';
  return shown.join(', ') + more;
};

export const autoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = [
  nameColumn,
  {
    name: 'Reference',
    type: 'string',
    cell: ({ spec }) => `${spec?.scaleTargetRef?.kind ?? ''}/${spec?.scaleTargetRef?.name ?? ''}`,
  },
  { name: 'Targets', type: 'string', cell: targetsText },
  { name: 'MinPods', type: 'string', cell: ({ spec }) => String(spec?.minReplicas ?? '<unset>') },
  { name: 'MaxPods', type: 'string', cell: ({ spec }) => spec?.maxReplicas ?? 0 },
  { name: 'Replicas', type: 'string', cell: ({ status }) => status?.currentReplicas ?? 0 },
  ageColumn,
];

/** The same in every version. */
export const autoscalerNames = {
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  scope: 'Namespaced',
  subresources: ['status'],
} as const;

/** kubernetes pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go */
export const horizontalPodAutoscalers = defineResource<HorizontalPodAutoscaler>({
  ...autoscalerNames,
  version: 'v2',
  default: defaultAutoscaler,
  validate: validateAutoscaler,
  columns: autoscalerColumns,
});
