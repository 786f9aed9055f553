import { isPrintable, maxFieldManagerBytes } from '../domain/meta/field-manager.ts';

/**
 * Who owns what a write changes: who the client says, or else the program it is, which is what its User-Agent begins with (apiserver
 * pkg/endpoints/handlers/create.go managerOrUserAgent).
 */
export function fieldManagerOf(given: string, userAgent: string): string {
  if (given !== '') return given;
  const program = Array.from(userAgent.split('/', 1)[0] ?? '').filter(isPrintable);
  return fitting(program);
}

function fitting(characters: readonly string[]): string {
  let name = '';
  for (const character of characters) {
    if (Buffer.byteLength(name) + Buffer.byteLength(character) > maxFieldManagerBytes) break;
    name += character;
  }
  return name;
}
