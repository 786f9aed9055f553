import { forbiddenField, invalid, notSupported, type FieldError } from '../domain/meta/field-error.ts';
import { badRequest } from '../domain/meta/status-error.ts';
import { booleanParameter, integerParameter } from './query-parameters.ts';

type Match = 'NotOlderThan' | 'Exact';

/** metav1.ListOptions, read and checked. */
export type ListOptions = {
  labelSelector: string;
  fieldSelector: string;
  /** Undefined when absent: the most recent. */
  resourceVersion: number | undefined;
  resourceVersionMatch: Match | undefined;
  /** Undefined is no limit. */
  limit: number | undefined;
  continue: string;
  timeoutSeconds: number | undefined;
  allowWatchBookmarks: boolean;
  sendInitialEvents: boolean | undefined;
};

/** Throws 400 or 422 (apimachinery pkg/apis/meta/internalversion/validation). */
export function listOptions(query: URLSearchParams, isWatch: boolean): ListOptions {
  const match = query.get('resourceVersionMatch') ?? '';
  const sendInitialEvents = booleanParameter(query, 'sendInitialEvents');
  const version = query.get('resourceVersion') ?? '';
  const errors = isWatch
    ? watchErrors(match, sendInitialEvents)
    : listErrors(match, version, query.get('continue') ?? '', sendInitialEvents);
  if (errors.length > 0) throw invalid('meta.k8s.io', 'ListOptions', '', errors);
  return {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    resourceVersion: readVersion(version),
    resourceVersionMatch: match === '' ? undefined : (match as Match),
    limit: positive(integerParameter(query, 'limit')),
    continue: query.get('continue') ?? '',
    timeoutSeconds: positive(integerParameter(query, 'timeoutSeconds')),
    allowWatchBookmarks: booleanParameter(query, 'allowWatchBookmarks') ?? false,
    sendInitialEvents,
  };
}

const positive = (number: number | undefined): number | undefined =>
  number !== undefined && number > 0 ? number : undefined;

function readVersion(text: string): number | undefined {
  if (text === '') return undefined;
  const version = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(version)) return version;
  throw badRequest(`Invalid value: ${JSON.stringify(text.slice(0, 100))}: invalid resource version`);
}

const field = 'resourceVersionMatch';

function listErrors(match: string, version: string, token: string, initial: boolean | undefined): FieldError[] {
  return [
    ...(initial === undefined ? [] : [forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list')]),
    ...(match !== '' && version === ''
      ? [forbiddenField(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided')]
      : []),
    ...(match !== '' && token !== ''
      ? [forbiddenField(field, 'resourceVersionMatch is forbidden when continue is provided')]
      : []),
    ...unknownMatch(match, ['', 'Exact', 'NotOlderThan']),
    ...(match === 'Exact' && version === '0'
      ? [forbiddenField(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"')]
      : []),
  ];
}

function watchErrors(match: string, initial: boolean | undefined): FieldError[] {
  if (initial === undefined) {
    return match === ''
      ? []
      : [forbiddenField(field, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')];
  }
  return match === ''
    ? [forbiddenField(field, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')]
    : unknownMatch(match, ['NotOlderThan']);
}

const unknownMatch = (match: string, known: readonly string[]): FieldError[] =>
  match === '' || known.includes(match) ? [] : [notSupported(field, match.slice(0, 100), known)];
