import { PatchError } from './patch-result.ts';

/** The keys of a JSON pointer (RFC 6901); the pointer to the whole document has none. */
export function parsePointer(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new PatchError('BadRequest', `invalid JSON pointer: ${JSON.stringify(pointer)}`);
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Inverse of parsePointer. */
export function pointerText(path: readonly string[]): string {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The position that a key means in a list of this length; nothing when it means none. `-` is the one after the last, where allowed. */
export function arrayIndex(key: string, length: number): number | undefined {
  if (key === '-') return length;
  return /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) <= length ? Number(key) : undefined;
}
