const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** Whole units, and the rest in the next smaller unit when there is one: `5m`, `5m7s`. */
const two = (seconds: number, unit: number, sign: string, smaller: number, smallerSign: string): string => {
  const rest = Math.floor((seconds % unit) / smaller);
  return `${Math.floor(seconds / unit)}${sign}${rest === 0 ? '' : `${rest}${smallerSign}`}`;
};

/** The two most telling digits of a duration in seconds (apimachinery pkg/util/duration/duration.go HumanDuration). */
export function humanDuration(exactSeconds: number): string {
  const seconds = Math.trunc(exactSeconds);
  // Clocks of two machines may differ: just below zero is taken for now.
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * minute) return `${seconds}s`;
  if (seconds < 10 * minute) return two(seconds, minute, 'm', 1, 's');
  if (seconds < 3 * hour) return `${Math.floor(seconds / minute)}m`;
  if (seconds < 8 * hour) return two(seconds, hour, 'h', minute, 'm');
  if (seconds < 2 * day) return `${Math.floor(seconds / hour)}h`;
  if (seconds < 8 * day) return two(seconds, day, 'd', hour, 'h');
  if (seconds < 2 * year) return `${Math.floor(seconds / day)}d`;
  if (seconds < 8 * year) return two(seconds, year, 'y', day, 'd');
  return `${Math.floor(seconds / year)}y`;
}

/** How long ago an RFC 3339 time was; kubernetes pkg/printers/internalversion/printers.go translateTimestampSince. */
export const timeSince = (timestamp: string | null | undefined, now: Date): string => {
  const then = Date.parse(timestamp ?? '');
  return Number.isNaN(then) ? '<unknown>' : humanDuration((now.getTime() - then) / 1000);
};
