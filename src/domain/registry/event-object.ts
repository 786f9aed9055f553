import type { Event } from '../meta/types.ts';

/** Names what an event is about, for comparing. */
export const eventObject = ({ involvedObject: o }: Event): string => [o.kind, o.namespace, o.name, o.uid].join('/');
