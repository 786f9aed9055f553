import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';

/** What this adapter is written against, and the newest version it was run with (Docker 28.5). */
const OLDEST = '1.41';
const NEWEST = '1.51';

/**
 * The newest version that both sides speak, as a path segment: `v1.43`. Pinning one would not do, as newer engines raise their
 * minimum (Docker 29: 1.44). Fails with InvalidArgument when there is none.
 */
export function commonApiVersion(engine: { ApiVersion: string; MinAPIVersion?: string }): string {
  const chosen = compare(engine.ApiVersion, NEWEST) < 0 ? engine.ApiVersion : NEWEST;
  if (compare(chosen, OLDEST) < 0 || compare(chosen, engine.MinAPIVersion ?? OLDEST) < 0) {
    const theirs = `${engine.MinAPIVersion ?? '?'} to ${engine.ApiVersion}`;
    throw new RuntimeError('InvalidArgument', `Docker speaks API ${theirs}, needed is one of ${OLDEST} to ${NEWEST}`);
  }
  return `v${chosen}`;
}

/** Of two versions such as `1.44`. */
export const isAtLeast = (version: string, wanted: string): boolean => compare(version, wanted) >= 0;

function compare(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}
