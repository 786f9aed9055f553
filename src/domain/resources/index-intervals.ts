/** Completion indexes of an Indexed Job as they are kept: ascending, neither touching nor overlapping, both ends included. */
export type Intervals = readonly Interval[];
type Interval = { first: number; last: number };

/**
 * Reads `1,3-5,7` as far as it can be understood and lies below `completions`
 * (kubernetes pkg/controller/job/indexed_job_utils.go parseIndexesFromString).
 */
export function parseIntervals(text: string, completions: number): Intervals {
  const intervals = text.split(',').flatMap((part): Interval[] => {
    const [, first, last] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(part) ?? [];
    return first === undefined ? [] : [{ first: Number(first), last: Number(last ?? first) }];
  });
  const within = intervals.filter(({ first }) => first < completions);
  return union(
    [],
    within.map(({ first, last }) => ({ first, last: Math.min(last, completions - 1) })),
  );
}

/** `1,3-5,7`; two neighbours are written as two. */
export const formatIntervals = (intervals: Intervals): string =>
  intervals
    .map(({ first, last }) => (first === last ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`))
    .join(',');

export const intervalsOf = (indexes: Iterable<number>): Intervals =>
  union(
    [],
    [...indexes].map((index) => ({ first: index, last: index })),
  );

export function union(a: Intervals, b: Intervals): Intervals {
  const result: Interval[] = [];
  for (const { first, last } of [...a, ...b].toSorted((x, y) => x.first - y.first)) {
    const before = result.at(-1);
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last);
    else result.push({ first, last });
  }
  return result;
}

/** How many indexes there are. */
export const sizeOf = (intervals: Intervals): number =>
  intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0);

export const hasIndex = (intervals: Intervals, index: number): boolean =>
  intervals.some(({ first, last }) => first <= index && index <= last);

/** What both have. */
export function intersection(a: Intervals, b: Intervals): Intervals {
  const result: Interval[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [x, y] = [a[i]!, b[j]!];
    const common = { first: Math.max(x.first, y.first), last: Math.min(x.last, y.last) };
    if (common.first <= common.last) result.push(common);
    if (x.last < y.last) i += 1;
    else j += 1;
  }
  return result;
}

/** The first so many indexes below `completions` that are not among these. */
export function firstOutside(intervals: Intervals, completions: number, count: number): number[] {
  const found: number[] = [];
  let next = 0;
  for (const { first, last } of [...intervals, { first: completions, last: completions }]) {
    for (; next < Math.min(first, completions) && found.length < count; next++) found.push(next);
    next = Math.max(next, last + 1);
  }
  return found;
}

/** What is wrong with the text; undefined when nothing is (kubernetes pkg/apis/batch/validation/validation.go validateIndexesFormat). */
export function intervalsProblem(text: string, completions: number): string | undefined {
  let before: number | undefined;
  for (const part of text === '' ? [] : text.split(',')) {
    const limits = part.split('-');
    if (limits.length > 2) {
      return `the fragment ${JSON.stringify(part)} violates the requirement that an index interval can have at most two parts separated by '-'`;
    }
    for (const limit of limits) {
      const problem = limitProblem(limit, completions);
      if (problem !== undefined) return problem;
      const index = Number(limit);
      if (before !== undefined && before >= index) {
        return `non-increasing order, previous: ${before}, current: ${index}`;
      }
      before = index;
    }
  }
  return undefined;
}

function limitProblem(limit: string, completions: number): string | undefined {
  if (!/^[+-]?\d{1,18}$/.test(limit)) return `cannot convert string to integer for index: ${JSON.stringify(limit)}`;
  return Number(limit) >= completions ? `too large index: ${JSON.stringify(limit)}` : undefined;
}
