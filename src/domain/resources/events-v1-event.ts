import { sameJson } from '../meta/deep-equal.ts';
import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import type { Event, EventsV1Event, KubernetesObject } from '../meta/types.ts';
import { eventColumns } from './event-columns.ts';
import { eventNames, events, involvedFields } from './event.ts';
import { defineResource, type Column, type SelectableField } from './resource-definition.ts';

/** What the two kinds call the same thing (kubernetes pkg/apis/events/v1/conversion.go). */
const names: readonly (readonly [ofEventsV1: keyof EventsV1Event, ofCore: keyof Event])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
];

const coreNames = new Map<string, string>(names);
const eventsV1Names = new Map<string, string>(names.map(([ofEventsV1, ofCore]) => [ofCore, ofEventsV1]));

const renamed = (object: KubernetesObject, to: ReadonlyMap<string, string>, apiVersion: string): object => ({
  ...Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null)
      .map(([field, value]) => [to.get(field) ?? field, value]),
  ),
  apiVersion,
});

const toCore = (event: EventsV1Event): Event => renamed(event, coreNames, 'v1') as Event;

/** Who writes events of the old kind names no time of the new one: null is how Go writes it. */
const fromCore = (event: KubernetesObject): EventsV1Event =>
  ({ eventTime: null, ...renamed(event, eventsV1Names, 'events.k8s.io/v1') }) as unknown as EventsV1Event;

const deprecated = [
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['source', 'deprecatedSource'],
] as const;

const isSet = (value: unknown): boolean => Boolean(value) && !sameJson(value, {});

/** kubernetes pkg/apis/core/validation/events.go ValidateEventCreate, which names fields as core/v1 does */
const validateCreation = (event: EventsV1Event): FieldError[] => [
  ...(event.eventTime ? [] : [required('eventTime')]),
  ...(event.type === 'Normal' || event.type === 'Warning'
    ? []
    : [invalidValue('type', '', `has invalid value: ${event.type ?? ''}`)]),
  ...deprecated.filter(([, field]) => isSet(event[field])).map(([name]) => invalidValue(name, '', 'needs to be unset')),
];

const immutable = [
  ['involvedObject', 'regarding'],
  ['reason', 'reason'],
  ['message', 'note'],
  ...deprecated,
  ['type', 'type'],
  ['eventTime', 'eventTime'],
  ['action', 'action'],
  ['related', 'related'],
  ['reportingController', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
] as const;

/** Only the series may change (ValidateEventUpdate). */
const keepsAllButSeries = (next: EventsV1Event, current: EventsV1Event): FieldError[] =>
  immutable
    .filter(([, field]) => !sameJson(next[field] ?? null, current[field] ?? null))
    .map(([name, field]) => invalidValue(name, next[field], 'field is immutable'));

const fields: readonly SelectableField<EventsV1Event>[] = [
  ...involvedFields.map((field) => ({
    path: `regarding.${field}`,
    value: ({ regarding }: EventsV1Event) => regarding?.[field] ?? '',
  })),
  { path: 'reason', value: ({ reason }) => reason ?? '' },
  { path: 'reportingController', value: ({ reportingController }) => reportingController ?? '' },
  { path: 'type', value: ({ type }) => type ?? '' },
];

/** The events of core/v1 under the names that newer clients use. */
export const eventsV1Events = defineResource<EventsV1Event>({
  group: 'events.k8s.io',
  ...eventNames,
  version: 'v1',
  storedAs: { definition: events, toStored: toCore, fromStored: fromCore },
  validate: validateCreation,
  validateUpdate: keepsAllButSeries,
  fields,
  columns: eventColumns.map((column): Column<EventsV1Event> => ({
    ...column,
    cell: (event, now) => column.cell(toCore(event), now),
  })),
});
