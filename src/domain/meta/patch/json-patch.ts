import { isDeepStrictEqual } from 'node:util';
import { JsonDocument } from './json-document.ts';
import { parsePointer, pointerText } from './json-pointer.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { PatchError, patchResult, type PatchResult } from './patch-result.ts';

/** As the API server bounds them (apiserver pkg/endpoints/handlers/patch.go). */
const maxOperations = 10_000;

/** JSON patch (RFC 6902): all operations, or none. */
export function applyJsonPatch(current: unknown, patch: unknown): PatchResult {
  return patchResult(() => {
    if (!Array.isArray(patch)) throw new PatchError('BadRequest', 'a JSON patch must be a list of operations');
    if (patch.length > maxOperations) {
      const message = `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`;
      throw new PatchError('RequestEntityTooLarge', message);
    }
    const document = new JsonDocument(current);
    for (const operation of patch.map(parseOperation)) perform(document, operation);
    return document.value;
  });
}

type Operation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: readonly string[]; readonly value: unknown }
  | { readonly op: 'move' | 'copy'; readonly path: readonly string[]; readonly from: readonly string[] }
  | { readonly op: 'remove'; readonly path: readonly string[] };

function parseOperation(operation: unknown): Operation {
  if (!isJsonObject(operation)) throw new PatchError('BadRequest', 'an operation of a JSON patch must be an object');
  const path = pointerOf(operation, 'path');
  switch (operation['op']) {
    case 'add':
    case 'replace':
    case 'test':
      if (!Object.hasOwn(operation, 'value'))
        throw new PatchError('Invalid', `operation ${operation['op']} has no value`);
      return { op: operation['op'], path, value: operation['value'] };
    case 'move':
    case 'copy':
      return { op: operation['op'], path, from: pointerOf(operation, 'from') };
    case 'remove':
      return { op: 'remove', path };
    default:
      throw new PatchError('Invalid', `Unexpected kind: ${String(JSON.stringify(operation['op'])).slice(0, 100)}`);
  }
}

function pointerOf(operation: JsonObject, member: 'path' | 'from'): string[] {
  const pointer = operation[member];
  if (typeof pointer !== 'string') throw new PatchError('Invalid', `operation missing ${member} field`);
  return parsePointer(pointer);
}

function perform(document: JsonDocument, operation: Operation): void {
  switch (operation.op) {
    case 'add':
      return document.add(operation.path, structuredClone(operation.value));
    case 'replace':
      document.get(operation.path, 'replace');
      document.remove(operation.path, 'replace');
      return document.add(operation.path, structuredClone(operation.value));
    case 'remove':
      return document.remove(operation.path, 'remove');
    case 'test':
      if (isDeepStrictEqual(document.find(operation.path) ?? null, operation.value)) return;
      throw new PatchError('Invalid', `testing value ${pointerText(operation.path)} failed: test failed`);
    case 'copy':
      return document.add(operation.path, document.copyOf(operation.from));
    case 'move': {
      const value = document.get(operation.from, 'move');
      if (isInside(operation.path, operation.from))
        throw new PatchError('Invalid', `cannot move ${pointerText(operation.from)} into itself`);
      document.remove(operation.from, 'move');
      return document.add(operation.path, value);
    }
  }
}

function isInside(path: readonly string[], ancestor: readonly string[]): boolean {
  return path.length > ancestor.length && ancestor.every((key, depth) => path[depth] === key);
}
