import { pathSet, type FieldSet } from './field-set.ts';
import { fieldElement } from './path-element.ts';
import { allBut } from './writer.ts';

/**
 * What can be owned through an endpoint of a kind that has a status endpoint: through that one the status and these fields of metadata,
 * through all others everything but the status (the GetResetFields of Kubernetes' strategies).
 */
export const endpointFields = (
  subresource: string | undefined,
  statusMetadata: readonly string[] = ['labels', 'annotations'],
): ((set: FieldSet) => FieldSet) => (subresource === 'status' ? ofStatus(statusMetadata) : withoutStatus);

const [status, metadata] = ['status', 'metadata'].map(fieldElement) as [string, string];

const withoutStatus = allBut(pathSet([status]));

const ofStatus =
  (statusMetadata: readonly string[]) =>
  (set: FieldSet): FieldSet => {
    const inMetadata = only(set[metadata] ?? {}, statusMetadata.map(fieldElement));
    return { ...only(set, [status]), ...(Object.keys(inMetadata).length === 0 ? {} : { [metadata]: inMetadata }) };
  };

const only = (set: FieldSet, elements: readonly string[]): FieldSet =>
  Object.fromEntries(
    elements.flatMap((element): [string, FieldSet][] => {
      const node = set[element];
      return node === undefined ? [] : [[element, node]];
    }),
  );
