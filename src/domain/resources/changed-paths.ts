import { sameJson } from '../meta/deep-equal.ts';

const most = 20;

/** Paths of the fields in which two JSON values differ, such as `spec.containers[0].command`; the first twenty. */
export const changedPaths = (a: unknown, b: unknown, path: string): string[] =>
  [...differences(a, b, path)].slice(0, most);

function* differences(a: unknown, b: unknown, path: string): Generator<string> {
  if (sameJson(a, b)) return;
  if (!isParent(a) || !isParent(b) || Array.isArray(a) !== Array.isArray(b)) return yield path;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    yield* differences(childOf(a, key), childOf(b, key), Array.isArray(a) ? `${path}[${key}]` : `${path}.${key}`);
  }
}

type Parent = Readonly<Record<string, unknown>>;

const isParent = (value: unknown): value is Parent => typeof value === 'object' && value !== null;
const childOf = (parent: Parent, key: string): unknown => (Object.hasOwn(parent, key) ? parent[key] : undefined);
