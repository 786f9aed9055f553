import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { parseMilli, quantityValue } from '../meta/quantity.ts';

type Annotations = Readonly<Record<string, string>>;

/** What a container may have for control loops; Infinity is no limit. */
export type Realtime = { cpuset?: string; rtprio?: number; memlockBytes?: number };

const kinds = {
  cpuset: {
    isGood: (text: string) => /^\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*$/.test(text) && text.length <= 256,
    rule: 'must be a list of processors such as 2-3,5',
  },
  rtprio: {
    isGood: (text: string) => /^\d{1,2}$/.test(text),
    rule: 'must be a number between 0 and 99, inclusive',
  },
  memlock: {
    isGood: (text: string) => text === 'unlimited' || (parseMilli(text) ?? -1) >= 0,
    rule: 'must be an amount of bytes such as 64Mi, or unlimited',
  },
} as const;

type Kind = keyof typeof kinds;

/** Of one container, `cpuset.k2d.io/NAME`, before that of all, `k2d.io/cpuset`. */
const valueOf = (annotations: Annotations, kind: Kind, container: string): string | undefined =>
  annotations[`${kind}.k2d.io/${container}`] ?? annotations[`k2d.io/${kind}`];

/** Of annotations that were found good. */
export function realtimeOf(annotations: Annotations, container: string): Realtime {
  const [cpuset, rtprio, memlock] = (['cpuset', 'rtprio', 'memlock'] as const).map((kind) => {
    const text = valueOf(annotations, kind, container);
    return text !== undefined && kinds[kind].isGood(text) ? text : undefined;
  });
  return {
    ...(cpuset === undefined ? {} : { cpuset }),
    ...(rtprio === undefined ? {} : { rtprio: Number(rtprio) }),
    ...(memlock === undefined ? {} : { memlockBytes: memlock === 'unlimited' ? Infinity : quantityValue(memlock) }),
  };
}

/** `field` is that of the annotations. */
export const validateRealtime = (annotations: Annotations = {}, field: string): FieldError[] =>
  Object.entries(annotations).flatMap(([key, text]) => {
    const [, before, after] =
      /^(?:k2d\.io\/(cpuset|rtprio|memlock)|(cpuset|rtprio|memlock)\.k2d\.io\/.+)$/.exec(key) ?? [];
    const kind = kinds[(before ?? after) as Kind] as (typeof kinds)[Kind] | undefined;
    return kind === undefined || kind.isGood(text) ? [] : [invalidValue(`${field}[${key}]`, text, kind.rule)];
  });
