import type { Volume } from '../../meta/types.ts';
import { type CheckedPod, plural, quoted, sorted, type Violation } from './check.ts';

const allowed: ReadonlySet<string> = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/** A volume of no kind is an emptyDir by default, so every volume has one. */
const kindOf = (volume: Volume): string => Object.keys(volume).find((key) => key !== 'name') ?? 'unknown';

export function restrictedVolumes({ spec }: CheckedPod): Violation | undefined {
  const others = (spec.volumes ?? []).filter((volume) => !allowed.has(kindOf(volume)));
  if (others.length === 0) return undefined;
  const kinds = sorted(others.map(kindOf));
  const names = `${plural('volume', 'volumes', others.length)} ${quoted(others.map(({ name }) => name))}`;
  const types = plural('restricted volume type', 'restricted volume types', kinds.length);
  const detail = `${names} ${plural('uses', 'use', others.length)} ${types} ${quoted(kinds)}`;
  return { reason: 'restricted volume types', detail };
}
