import type { Event } from '../meta/types.ts';
import { eventColumns } from './event-columns.ts';
import { validateEvent } from './event-validation.ts';
import { defineResource, type SelectableField } from './resource-definition.ts';

export const involvedFields = [
  'kind',
  'namespace',
  'name',
  'uid',
  'apiVersion',
  'resourceVersion',
  'fieldPath',
] as const;

const fields: readonly SelectableField<Event>[] = [
  ...involvedFields.map((field) => ({
    path: `involvedObject.${field}`,
    value: (event: Event) => event.involvedObject?.[field] ?? '',
  })),
  { path: 'reason', value: ({ reason }) => reason ?? '' },
  { path: 'reportingComponent', value: ({ reportingComponent }) => reportingComponent ?? '' },
  { path: 'source', value: ({ source, reportingComponent }) => source?.component || reportingComponent || '' },
  { path: 'type', value: ({ type }) => type ?? '' },
];

/** The same in both groups. */
export const eventNames = {
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  scope: 'Namespaced',
} as const;

/** Facts, not intent; the newest thousand stay in memory, for an hour each (kubernetes pkg/registry/core/event/strategy.go). */
export const events = defineResource<Event>({
  ...eventNames,
  version: 'v1',
  isKept: () => false,
  maxObjects: 1000,
  validate: validateEvent,
  fields,
  columns: eventColumns,
});
