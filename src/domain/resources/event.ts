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

/** Facts, not intent; the newest thousand stay in memory (kubernetes pkg/registry/core/event/strategy.go, which lets them expire). */
export const events = defineResource<Event>({
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  scope: 'Namespaced',
  isKept: () => false,
  maxObjects: 1000,
  validate: validateEvent,
  fields,
  columns: eventColumns,
});
