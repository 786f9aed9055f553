import { readFileSync } from 'node:fs';

/** One field of a protobuf message of Kubernetes 1.35 (its `generated.proto` files). */
export type ProtobufField = {
  readonly number: number;
  readonly name: string;
  readonly label: 'optional' | 'repeated' | 'map';
  readonly type: string;
  /** The message's fields stand directly in the parent's JSON object (a Go embedded struct). */
  readonly inline: boolean;
};

/** How a list, map or struct is merged: the `+patchStrategy`, `+listType`, `+mapType` and `+structType` marks in Kubernetes' types.go. */
export type MergeFact = {
  readonly patchStrategy: string;
  readonly patchMergeKey: string;
  readonly structure: string;
  readonly mapKeys: readonly string[];
};

/** Fields by message name, such as `k8s.io.api.core.v1.Pod`; a row without a number is a message that has none. */
export function protobufMessages(): ReadonlyMap<string, readonly ProtobufField[]> {
  const messages = new Map<string, ProtobufField[]>();
  for (const [message = '', number, name = '', label, type = '', json] of rows('protobuf-fields.tsv')) {
    if (number === '') {
      messages.set(message, []);
      continue;
    }
    const field = {
      number: Number(number),
      name,
      label: label as ProtobufField['label'],
      type,
      inline: json === 'inline',
    };
    messages.set(message, [...(messages.get(message) ?? []), field]);
  }
  return messages;
}

/** Facts by `group/version.Type.field`, with the short group name; `group/version.Type.` is about the struct itself. */
export function mergeFacts(): ReadonlyMap<string, MergeFact> {
  return new Map(
    rows('merge-keys.tsv').map(
      ([group, version, type, field, , patchStrategy = '', patchMergeKey = '', structure = '', keys = '']) => [
        `${group}/${version}.${type}.${field}`,
        { patchStrategy, patchMergeKey, structure, mapKeys: keys === '' ? [] : keys.split(',') },
      ],
    ),
  );
}

/**
 * Scalar fields that are pointers in Go, as `apiVersion.Type.field`: their zero (`replicas: 0`) means something else than their absence.
 * (That of a Scale is none, but clients read it as if it were.)
 * Other fields are on the wire even when nobody set them, because protobuf of Kubernetes writes every field that is no pointer.
 */
export function pointerFields(): ReadonlySet<string> {
  return fieldsIn('pointer-fields.tsv');
}

/**
 * Fields that Go's JSON always has, as `apiVersion.Type.field`, empty where nobody set them (`strategy: {}`, `containers: null`): structs by
 * value, and what has no `omitempty` (reflected from the Go types of k8s.io/api v0.35).
 */
export function alwaysPresentFields(): ReadonlySet<string> {
  return fieldsIn('always-present.tsv');
}

function fieldsIn(file: string): ReadonlySet<string> {
  return new Set(rows(file).flatMap(([type, fields = '']) => fields.split(' ').map((field) => `${type}.${field}`)));
}

function rows(file: string): string[][] {
  const text = readFileSync(new URL(`kubernetes-facts/${file}`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
}
