import { toTime } from '../../meta/clock.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '../../meta/types.ts';

type Status = NonNullable<CustomResourceDefinition['status']>;

export type ConditionState = Pick<CustomResourceDefinitionCondition, 'type' | 'status' | 'reason' | 'message'>;

/** The status with this condition instead of the one of its type; the time of the last transition is when its status last changed. */
export function withCondition(status: Status, next: ConditionState, now: Date): Status {
  const { conditions = [] } = status;
  const before = conditions.find(({ type }) => type === next.type);
  const since = before?.status === next.status ? before.lastTransitionTime : undefined;
  const condition = { ...next, lastTransitionTime: since ?? toTime(now) };
  return {
    ...status,
    conditions:
      before === undefined ? [...conditions, condition] : conditions.map((one) => (one === before ? condition : one)),
  };
}
