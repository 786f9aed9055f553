import { invalidValue, notSupported, required, type FieldError } from '../meta/field-error.ts';
import { quantityValue } from '../meta/quantity.ts';
import type { HorizontalPodAutoscaler } from '../meta/types.ts';
import { between, eachOf, given, oneOf, positive } from './value-rules.ts';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
type Metric = NonNullable<Spec['metrics']>[number];
type Target = NonNullable<Metric['resource']>['target'];
type Rules = NonNullable<NonNullable<Spec['behavior']>['scaleUp']>;

const sources = {
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
  External: 'external',
  ContainerResource: 'containerResource',
} as const;

/** kubernetes pkg/apis/autoscaling/validation/validation.go validateHorizontalPodAutoscalerSpec */
export function validateAutoscaler({ spec }: HorizontalPodAutoscaler): FieldError[] {
  if (!spec) return [required('spec')];
  const { scaleTargetRef, minReplicas = 1, maxReplicas, metrics, behavior } = spec;
  return [
    ...given('spec.scaleTargetRef.kind', scaleTargetRef?.kind),
    ...given('spec.scaleTargetRef.name', scaleTargetRef?.name),
    ...positive('spec.minReplicas', minReplicas),
    ...positive('spec.maxReplicas', maxReplicas),
    ...((maxReplicas ?? 0) < minReplicas
      ? [invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`')]
      : []),
    ...eachOf('spec.metrics', metrics, validateMetric),
    ...(behavior?.scaleUp ? validateRules('spec.behavior.scaleUp', behavior.scaleUp) : []),
    ...(behavior?.scaleDown ? validateRules('spec.behavior.scaleDown', behavior.scaleDown) : []),
  ];
}

function validateMetric(metric: Metric, field: string): FieldError[] {
  const { type } = metric;
  if (!type) return [required(`${field}.type`, 'must specify a metric source type')];
  if (!Object.hasOwn(sources, type)) return [notSupported(`${field}.type`, type, Object.keys(sources).toSorted())];
  const source = sources[type as keyof typeof sources];
  const value = metric[source];
  if (!value) return [required(`${field}.${source}`, 'must populate information for the given metric source')];
  if (source === 'containerResource') {
    const { container, name, target } = metric.containerResource!;
    const at = `${field}.${source}`;
    return [
      ...given(`${at}.container`, container),
      ...given(`${at}.name`, name),
      ...shareOrAverage(`${at}.target`, target),
    ];
  }
  if (source !== 'resource') return validateTarget(`${field}.${source}.target`, value.target);
  const { name, target } = metric.resource!;
  return [...given(`${field}.resource.name`, name), ...shareOrAverage(`${field}.resource.target`, target)];
}

const validateTarget = (field: string, target: Target): FieldError[] => [
  ...(target?.type
    ? oneOf(`${field}.type`, target.type, ['Utilization', 'Value', 'AverageValue'])
    : [required(`${field}.type`, 'must specify a metric target type')]),
  ...positive(`${field}.averageUtilization`, target?.averageUtilization),
  ...positive(`${field}.value`, amount(target?.value)),
  ...positive(`${field}.averageValue`, amount(target?.averageValue)),
];

const amount = (text: string | undefined): number | undefined => (text === undefined ? undefined : quantityValue(text));

/** Resources have a request to be compared with, so a share of it is as good as an amount; both are too much. */
function shareOrAverage(field: string, target: Target): FieldError[] {
  const { averageUtilization, averageValue } = target ?? {};
  const one =
    averageUtilization === undefined && averageValue === undefined
      ? [required(`${field}.averageUtilization`, 'must set either a target raw value or a target utilization')]
      : averageUtilization !== undefined && averageValue !== undefined
        ? [
            invalidValue(
              `${field}.averageValue`,
              averageValue,
              'may not set both a target raw value and a target utilization',
            ),
          ]
        : [];
  return [...validateTarget(field, target), ...one];
}

/** validateScalingRules */
const validateRules = (
  field: string,
  { selectPolicy, policies, stabilizationWindowSeconds, tolerance }: Rules,
): FieldError[] => [
  ...between(`${field}.stabilizationWindowSeconds`, stabilizationWindowSeconds, 0, 3600),
  ...oneOf(`${field}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min']),
  ...(policies?.length === 0 ? [required(`${field}.policies`, 'must specify at least one Policy')] : []),
  ...eachOf(`${field}.policies`, policies, ({ type, value, periodSeconds }, at) => [
    ...(type === 'Pods' || type === 'Percent' ? [] : [notSupported(`${at}.type`, type ?? '', ['Percent', 'Pods'])]),
    ...positive(`${at}.value`, value ?? 0),
    ...positive(`${at}.periodSeconds`, periodSeconds ?? 0),
    ...((periodSeconds ?? 0) > 1800
      ? [invalidValue(`${at}.periodSeconds`, periodSeconds, 'must be less than or equal to 1800')]
      : []),
  ]),
  ...(tolerance !== undefined && Number(tolerance) < 0
    ? [invalidValue(`${field}.tolerance`, tolerance, 'must be greater than or equal to 0')]
    : []),
];
