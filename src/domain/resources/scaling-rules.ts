import type { HorizontalPodAutoscaler } from '../meta/types.ts';
import { withDefaults } from './with-defaults.ts';

type Behavior = NonNullable<NonNullable<HorizontalPodAutoscaler['spec']>['behavior']>;
export type ScalingRules = NonNullable<Behavior['scaleUp']>;

// kubernetes pkg/apis/autoscaling/v2/defaults.go

/** Up at once, by four pods or to the double in a quarter of a minute, whichever is more. */
export const scaleUpRules = (rules: ScalingRules | undefined): ScalingRules =>
  withDefaults(rules ?? {}, {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  });

/** Down as far as it goes; the window of five minutes is the controller's own setting. */
export const scaleDownRules = (rules: ScalingRules | undefined): ScalingRules =>
  withDefaults(rules ?? {}, {
    selectPolicy: 'Max',
    policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
  });
