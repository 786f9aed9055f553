import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Event } from '../meta/types.ts';
import { eventColumns } from './event-columns.ts';
import { defineResource, type SelectableField } from './resource-definition.ts';

const involvedFields = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;

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

/** Events of cluster-scoped objects live in default (kubernetes pkg/apis/core/validation/events.go legacyValidateEvent). */
const validateEvent = (event: Event): FieldError[] => {
  const { namespace } = metaOf(event);
  const involved = event.involvedObject?.namespace ?? '';
  return involved === namespace || (involved === '' && namespace === 'default')
    ? []
    : [invalidValue('involvedObject.namespace', involved, 'does not match event.namespace')];
};

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
