import { forbiddenField, invalid, invalidValue, notSupported, type FieldError } from '../domain/meta/field-error.ts';
import { booleanParameter, integerParameter } from './query-parameters.ts';

/** v1.PodLogOptions, read and checked. */
export type PodLogOptions = {
  container: string;
  follow: boolean;
  previous: boolean;
  timestamps: boolean;
  stream: (typeof streams)[number];
  since: Date | undefined;
  tailLines: number | undefined;
  limitBytes: number | undefined;
};

const streams = ['All', 'Stderr', 'Stdout'] as const;

/** Throws 400 or 422 (kubernetes pkg/apis/core/validation ValidatePodLogOptions). */
export function podLogOptions(podName: string, query: URLSearchParams, now: Date): PodLogOptions {
  const sinceSeconds = integerParameter(query, 'sinceSeconds');
  const sinceTime = query.get('sinceTime') || undefined;
  const tailLines = integerParameter(query, 'tailLines');
  const limitBytes = integerParameter(query, 'limitBytes');
  const streamName = query.get('stream') || 'All';
  const stream = streams.find((known) => known === streamName);
  const errors = [
    ...atLeast('tailLines', tailLines, 0, 'must be greater than or equal to 0'),
    ...atLeast('limitBytes', limitBytes, 1, 'must be greater than 0'),
    ...atLeast('sinceSeconds', sinceSeconds, 1, 'must be greater than 0'),
    ...sinceTimeErrors(sinceTime, sinceSeconds),
    ...(stream === undefined ? [notSupported('stream', streamName.slice(0, 100), streams)] : []),
    ...(stream !== 'All' && tailLines !== undefined
      ? [forbiddenField('', '`tailLines` and specific `stream` are mutually exclusive for now')]
      : []),
  ];
  if (errors.length > 0) throw invalid('', 'PodLogOptions', podName, errors);
  return {
    container: query.get('container') ?? '',
    follow: booleanParameter(query, 'follow') ?? false,
    previous: booleanParameter(query, 'previous') ?? false,
    timestamps: booleanParameter(query, 'timestamps') ?? false,
    stream: stream ?? 'All',
    since: sinceOf(sinceTime, sinceSeconds, now),
    tailLines,
    limitBytes,
  };
}

const atLeast = (field: string, value: number | undefined, least: number, text: string): FieldError[] =>
  value === undefined || value >= least ? [] : [invalidValue(field, value, text)];

function sinceTimeErrors(time: string | undefined, seconds: number | undefined): FieldError[] {
  if (time === undefined) return [];
  return [
    ...(seconds === undefined
      ? []
      : [forbiddenField('', 'at most one of `sinceTime` or `sinceSeconds` may be specified')]),
    ...(Number.isNaN(Date.parse(time))
      ? [invalidValue('sinceTime', time.slice(0, 100), 'must be a time of RFC 3339')]
      : []),
  ];
}

function sinceOf(time: string | undefined, seconds: number | undefined, now: Date): Date | undefined {
  if (time !== undefined) return new Date(time);
  // Longer ago than there were logs is the beginning; the bound keeps the date a date.
  return seconds === undefined ? undefined : new Date(now.getTime() - Math.min(seconds * 1000, now.getTime()));
}
