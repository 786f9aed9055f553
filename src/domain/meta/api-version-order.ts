/** `v1`, `v2beta1`, `v1alpha2`: major, stage and minor; undefined for other texts. */
function read(version: string): readonly [stage: number, major: number, minor: number] | undefined {
  const parts = /^v(\d{1,9})(?:(alpha|beta)(\d{1,9}))?$/.exec(version);
  if (parts === null) return undefined;
  const [, major, stage, minor] = parts;
  return [stage === undefined ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor ?? 0)];
}

/** Stable before beta before alpha, newer before older, names that are no versions last (apimachinery pkg/version/helpers.go). */
export function compareApiVersions(a: string, b: string): number {
  const [left, right] = [read(a), read(b)];
  if (left === undefined || right === undefined) {
    if (left !== right) return left === undefined ? 1 : -1;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const place = left.findIndex((part, index) => part !== right[index]);
  return place < 0 ? 0 : right[place]! - left[place]!;
}
