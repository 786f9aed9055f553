import { dnsLabel } from '../meta/names.ts';
import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';

/** A name with dots makes an odd host name; said once, when it is new (kubernetes pkg/registry/core/pod/strategy.go WarningsOnCreate). */
export function hostnameWarnings(object: KubernetesObject, use: string): string[] {
  const { name, resourceVersion } = metaOf(object);
  const texts = name && resourceVersion === undefined ? dnsLabel(name) : [];
  if (texts.length === 0) return [];
  return [
    `metadata.name: this is used in ${use}, which can result in surprising behavior; a DNS label is recommended: [${texts.join(' ')}]`,
  ];
}
