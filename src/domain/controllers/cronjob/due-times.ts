import type { CronSchedule } from '../../resources/cron-schedule.ts';

/** Beyond so many missed starts users are warned (kubernetes pkg/controller/cronjob/utils.go). */
const manyMissed = 100;

export type DueTimes = {
  /** The last time after `since` and not after `now`. */
  due?: Date;
  /** More were missed than anybody wants to know of. */
  tooManyMissed: boolean;
  /** There is no time after `since` at all. */
  neverDue: boolean;
};

/** What was due since then, of which only the last is made up for (mostRecentScheduleTime). */
export function dueTimes(schedule: CronSchedule, since: Date, now: Date): DueTimes {
  let due: Date | undefined;
  let next = schedule.after(since);
  const neverDue = next === undefined;
  for (let missed = 0; next !== undefined && next <= now; missed++) {
    if (missed > manyMissed) return { due: lastDue(schedule, next, now), tooManyMissed: true, neverDue };
    due = next;
    next = schedule.after(next);
  }
  return { ...(due ? { due } : {}), tooManyMissed: false, neverDue };
}

/** The last time from `known`, which was due, to `now`: halves what is between, for a clock may be years wrong. */
function lastDue(schedule: CronSchedule, known: Date, now: Date): Date {
  let [due, beyond] = [known.getTime(), now.getTime()];
  while (beyond - due > 1000) {
    const middle = Math.floor((due + beyond) / 2);
    const next = schedule.after(new Date(middle));
    if (next !== undefined && next <= now) due = next.getTime();
    else beyond = middle;
  }
  return new Date(due);
}
