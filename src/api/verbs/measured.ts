import type { Verb } from '../verb.ts';

type MeasuredVerb = 'get' | 'list';

/** Loaded when somebody first asks. */
const reading =
  (name: MeasuredVerb): Verb =>
  async (context, call) =>
    (await import('./read-measured.ts')).readMeasured[name](context, call);

/** What can be done with resources whose objects are measured when somebody reads them. */
export const measuredVerbs: Readonly<Record<MeasuredVerb, Verb>> = { get: reading('get'), list: reading('list') };
