import { isJsonObject } from './json-value.ts';

/** A JSON value as Go's `%v` prints it, which is how the messages of strategic merge quote objects; cut at 1000 characters. */
export function goFormat(value: unknown): string {
  return formatted(value).slice(0, 1000);
}

function formatted(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(formatted).join(' ')}]`;
  if (!isJsonObject(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${name}:${formatted(value[name])}`);
  return `map[${members.join(' ')}]`;
}
