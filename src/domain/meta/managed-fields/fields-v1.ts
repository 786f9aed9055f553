import { inside, isMember, itself, leaf, nodeOf, type FieldSet } from './field-set.ts';
import { compareElements, formatElement, readElement } from './path-element.ts';

/** Reads `fieldsV1` as a client wrote it; undefined when it is none. Its depth is the decoder's to bound. */
export function readFieldsV1(value: unknown): FieldSet | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const fields: Record<string, FieldSet> = {};
  for (const [text, inner] of Object.entries(value ?? {})) {
    if (text === itself) continue;
    const reading = readElement(text);
    if (reading.kind === 'malformed') return undefined;
    if (reading.kind === 'unknown') continue;
    const node = readNode(inner);
    if (node === undefined) return undefined;
    fields[reading.element] = node;
  }
  return fields;
}

function readNode(value: unknown): FieldSet | undefined {
  const fields = readFieldsV1(value);
  return (
    fields && (nodeOf(typeof value === 'object' && value !== null && Object.hasOwn(value, itself), fields) ?? leaf)
  );
}

/** The set as Kubernetes writes it: every level in the order of its elements. Equal sets become equal text. */
export function sortedFields(set: FieldSet): FieldSet {
  const nodes = inside(set)
    .toSorted(([a], [b]) => compareElements(a, b))
    .map(([element, node]): [string, FieldSet] => [element, sortedNode(node)]);
  return Object.fromEntries(nodes);
}

const sortedNode = (node: FieldSet): FieldSet => nodeOf(isMember(node), sortedFields(node)) ?? leaf;

/** The fields of a set as messages name them, such as `.spec.replicas`; those of one level before the ones inside them. */
export function fieldPaths(set: FieldSet, prefix = ''): string[] {
  const nodes = inside(set).toSorted(([a], [b]) => compareElements(a, b));
  return [
    ...nodes.filter(([, node]) => isMember(node)).map(([element]) => prefix + formatElement(element)),
    ...nodes.flatMap(([element, node]) => fieldPaths(node, prefix + formatElement(element))),
  ];
}
