import { difference, outside, pathSet, union, type FieldSet } from './field-set.ts';
import type { MergeType } from './merge-type.ts';
import type { Owner } from './owners.ts';
import { fieldElement } from './path-element.ts';

/** Who writes an object, through which endpoint, and what of it counts. */
export type Writer = {
  /** At most 128 printable characters. */
  readonly manager: string;
  /** Of the object that is written. */
  readonly apiVersion: string;
  /** Who owns fields in a version that is not served any more loses them. */
  readonly isServed: (apiVersion: string) => boolean;
  /** `status`, `scale`; undefined is the object's own endpoint. */
  readonly subresource?: string;
  readonly type: MergeType;
  /** What of a set counts: fields that this endpoint leaves as they are, whatever a client says, nobody owns through it. */
  readonly ownable: (set: FieldSet) => FieldSet;
  /** RFC 3339, to the second; undefined for writes whose time is not told. */
  readonly time: string | undefined;
};

export const ownerOf = ({ manager, apiVersion, subresource }: Writer, operation: Owner['operation']): Owner => ({
  manager: manager === '' ? 'unknown' : manager,
  operation,
  apiVersion,
  ...(subresource === undefined ? {} : { subresource }),
});

/** Everything but these fields and what is inside them. */
export const allBut =
  (ignored: FieldSet) =>
  (set: FieldSet): FieldSet =>
    outside(set, ignored);

/** Without what identifies the object or belongs to the server (managedfields/internal/stripmeta.go). */
export const withoutServerFields = (set: FieldSet): FieldSet => difference(set, serverFields);

const serverFields = [
  ['apiVersion'],
  ['kind'],
  ['metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['metadata', name]),
]
  .map((path) => pathSet(path.map(fieldElement)))
  .reduce(union);
