import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { qualifiedName } from '../meta/names.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Event } from '../meta/types.ts';
import { given, named } from './value-rules.ts';

const maxLength = 128;
const maxNoteLength = 1024;

const atMost = (field: string, text: string | undefined, most: number): FieldError[] =>
  (text ?? '').length > most ? [invalidValue(field, '', `can have at most ${most} characters`)] : [];

const short = (field: string, text: string | undefined): FieldError[] => [
  ...given(field, text),
  ...atMost(field, text, maxLength),
];

const misplaced = (event: Event): FieldError[] => [
  invalidValue('involvedObject.namespace', event.involvedObject?.namespace ?? '', 'does not match event.namespace'),
];

/** Events of cluster-scoped objects live in default (kubernetes pkg/apis/core/validation/events.go legacyValidateEvent). */
export function validateEvent(event: Event): FieldError[] {
  const { namespace } = metaOf(event);
  const involved = event.involvedObject?.namespace ?? '';
  if (event.eventTime) return validateNewEvent(event);
  return involved === namespace || (involved === '' && namespace === 'default') ? [] : misplaced(event);
}

/** What has an eventTime comes from a client of events.k8s.io, or of one like it. */
function validateNewEvent(event: Event): FieldError[] {
  const { namespace = '' } = metaOf(event);
  const isPlaced = Boolean(event.involvedObject?.namespace) || namespace === 'default' || namespace === 'kube-system';
  const controller = event.reportingComponent ?? '';
  return [
    ...(isPlaced ? [] : misplaced(event)),
    ...(controller === ''
      ? [required('reportingController')]
      : named('reportingController', controller, qualifiedName)),
    ...short('reportingInstance', event.reportingInstance),
    ...short('action', event.action),
    ...short('reason', event.reason),
    ...atMost('message', event.message, maxNoteLength),
  ];
}
