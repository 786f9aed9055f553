import { timeSince } from '../meta/human-duration.ts';
import type { Event } from '../meta/types.ts';
import { nameColumn } from './metadata-columns.ts';
import type { Column } from './resource-definition.ts';

const firstSeen = ({ firstTimestamp, eventTime }: Event): string | undefined => firstTimestamp ?? eventTime;

const lastSeen = (event: Event): string | undefined =>
  event.series?.lastObservedTime ?? event.lastTimestamp ?? firstSeen(event);

const objectOf = ({ involvedObject }: Event): string => {
  const kind = involvedObject?.kind?.toLowerCase() ?? '';
  return involvedObject?.name ? `${kind}/${involvedObject.name}` : kind;
};

const sourceOf = ({ source, reportingComponent, reportingInstance }: Event): string =>
  [source?.component || reportingComponent, source?.host || reportingInstance].filter(Boolean).join(', ');

/** kubernetes pkg/printers/internalversion/printers.go printEvent */
export const eventColumns: readonly Column<Event>[] = [
  { name: 'Last Seen', type: 'string', cell: (event, now) => timeSince(lastSeen(event), now) },
  { name: 'Type', type: 'string', cell: ({ type }) => type ?? '' },
  { name: 'Reason', type: 'string', cell: ({ reason }) => reason ?? '' },
  { name: 'Object', type: 'string', cell: objectOf },
  { name: 'Subobject', type: 'string', wide: true, cell: ({ involvedObject }) => involvedObject?.fieldPath ?? '' },
  { name: 'Source', type: 'string', wide: true, cell: sourceOf },
  { name: 'Message', type: 'string', cell: ({ message }) => message?.trim() ?? '' },
  { name: 'First Seen', type: 'string', wide: true, cell: (event, now) => timeSince(firstSeen(event), now) },
  { name: 'Count', type: 'string', wide: true, cell: ({ series, count }) => series?.count ?? (count || 1) },
  { ...nameColumn, wide: true },
];
