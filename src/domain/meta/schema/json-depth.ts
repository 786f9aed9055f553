/**
 * The deepest nesting that k2d takes, so that no walk over an object runs out of stack. Kubernetes objects nest a few dozen levels; the
 * schemas inside CustomResourceDefinitions go deepest.
 */
export const maxJsonDepth = 500;

/** Whether a JSON value nests deeper than this; a scalar has depth 0. */
export function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((child) => isDeeperThan(child, depth - 1));
}
