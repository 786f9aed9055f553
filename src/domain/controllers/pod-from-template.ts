import { dnsSubdomain } from '../meta/names.ts';
import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject, OwnerReference, Pod, PodTemplateSpec } from '../meta/types.ts';

/** A pod is named after its owner as far as that makes a valid name (kubernetes pkg/controller/controller_utils.go getPodsPrefix). */
const namePrefix = (ownerName: string): string =>
  dnsSubdomain(`${ownerName}-x`).length === 0 ? `${ownerName}-` : ownerName;

/** kubernetes pkg/controller/controller_utils.go GetPodFromTemplate */
export function podFromTemplate(template: PodTemplateSpec, owner: KubernetesObject, reference: OwnerReference): Pod {
  const { labels = {}, annotations, finalizers = [] } = template.metadata ?? {};
  const { name = '', namespace = '' } = metaOf(owner);
  return {
    metadata: {
      generateName: namePrefix(name),
      namespace,
      labels,
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers.length > 0 ? { finalizers } : {}),
      ownerReferences: [reference],
    },
    ...(template.spec === undefined ? {} : { spec: template.spec }),
  };
}
