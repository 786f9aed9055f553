import type { Json } from './json.ts';

const query = (name: string, type: string, description: string): Json => ({
  name,
  in: 'query',
  description,
  schema: { type, uniqueItems: true },
});
const path = (name: string, description: string): Json => ({
  name,
  in: 'path',
  description,
  required: true,
  schema: { type: 'string', uniqueItems: true },
});

export const nameParameter = (kind: string) => path('name', `name of the ${kind}`);
export const namespaceParameter = path('namespace', 'object name and auth scope, such as for teams and projects');
export const pathParameter = path('path', 'path to the resource');

const dryRun = query('dryRun', 'string', 'All: process the request as usual, but do not store the result');
const fieldManager = query(
  'fieldManager',
  'string',
  'name of the actor that makes these changes; at most 128 printable characters',
);
const fieldValidation = query(
  'fieldValidation',
  'string',
  'what happens to unknown and duplicate fields: Ignore drops them, Warn (the default) answers a warning for each, Strict refuses the request',
);

export const writeParameters: readonly Json[] = [dryRun, fieldManager, fieldValidation];
export const patchParameters: readonly Json[] = [
  ...writeParameters,
  query('force', 'boolean', 'for server-side apply: take over fields that others manage'),
];

const propagationPolicy = query(
  'propagationPolicy',
  'string',
  'what happens to dependents: Orphan, Background or Foreground',
);
const gracePeriodSeconds = query(
  'gracePeriodSeconds',
  'integer',
  'seconds until the object is deleted; zero deletes at once',
);
export const deleteParameters: readonly Json[] = [dryRun, gracePeriodSeconds, propagationPolicy];

const selection: readonly Json[] = [
  query('fieldSelector', 'string', 'restricts the objects by their fields; all by default'),
  query('labelSelector', 'string', 'restricts the objects by their labels; all by default'),
];
const consistency: readonly Json[] = [
  query('continue', 'string', 'token of an earlier answer, to get the objects after it'),
  query('limit', 'integer', 'the most objects to answer at once'),
  query('resourceVersion', 'string', 'constraint on the version that the request may be served from'),
  query('resourceVersionMatch', 'string', 'how resourceVersion is applied: NotOlderThan or Exact'),
];
export const listParameters: readonly Json[] = [
  ...selection,
  ...consistency,
  query('watch', 'boolean', 'answer a stream of changes instead of a list'),
  query('allowWatchBookmarks', 'boolean', 'a watch may be sent events of type BOOKMARK'),
  query('timeoutSeconds', 'integer', 'ends a list or watch after that time'),
];
export const deleteCollectionParameters: readonly Json[] = [...deleteParameters, ...selection, ...consistency];

/** Of subresources that have any. */
export const subresourceParameters: Readonly<Record<string, readonly Json[]>> = {
  log: [
    query('container', 'string', 'the container; can be left out where the pod has one'),
    query('follow', 'boolean', 'go on as the container writes'),
    query('insecureSkipTLSVerifyBackend', 'boolean', 'has no meaning here: the logs come from the engine'),
    query('limitBytes', 'integer', 'ends the answer after so many bytes, perhaps inside a line'),
    query('previous', 'boolean', 'of the container before the last restart'),
    query('sinceSeconds', 'integer', 'only what is not older'),
    query('sinceTime', 'string', 'only what was written after this time in RFC 3339'),
    query('stream', 'string', 'Stdout, Stderr or All'),
    query('tailLines', 'integer', 'only so many of the last lines'),
    query('timestamps', 'boolean', 'begin every line with its time'),
  ],
};
