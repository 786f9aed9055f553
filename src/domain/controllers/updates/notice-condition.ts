import { toTime } from '../../meta/clock.ts';

export type NoticeType = 'k2d.io/UpdatePostponed' | 'k2d.io/RolledBack';
export type Notice = { reason: string; message: string };
type Condition = { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string };

/** What only k2d says of a workload: a condition that stands only while there is something to say. */
export function withNotice<C extends Condition>(
  conditions: readonly C[],
  type: NoticeType,
  notice: Notice | undefined,
  now: Date,
): (C | Condition)[] {
  const standing = conditions.find((condition) => condition.type === type);
  if (notice && standing?.reason === notice.reason && standing.message === notice.message) return [...conditions];
  const others = conditions.filter((condition) => condition.type !== type);
  if (!notice) return others;
  const lastTransitionTime = standing?.lastTransitionTime ?? toTime(now);
  return [...others, { type, status: 'True', reason: notice.reason, message: notice.message, lastTransitionTime }];
}
