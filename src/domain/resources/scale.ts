import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject, LabelSelector } from '../meta/types.ts';
import { formatSelector } from './format-selector.ts';

/** What all kinds that can be scaled have in common. */
export type Scalable = KubernetesObject & {
  spec?: { replicas?: number; selector?: LabelSelector };
  status?: { replicas?: number };
};

/** autoscaling/v1 Scale */
export type Scale = KubernetesObject & {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
};

export const scaleKind = { apiVersion: 'autoscaling/v1', kind: 'Scale' };

/** What the scale endpoint shows of an object. */
export function scaleOf(object: Scalable): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metaOf(object);
  const given = Object.entries({ name, namespace, uid, resourceVersion, creationTimestamp });
  const selector = object.spec?.selector;
  return {
    ...scaleKind,
    metadata: Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    spec: { replicas: object.spec?.replicas ?? 0 },
    status: {
      replicas: object.status?.replicas ?? 0,
      ...(selector === undefined ? {} : { selector: formatSelector(selector) }),
    },
  };
}

/** The object with as many replicas as the scale asks for. */
export const rescaled = (object: Scalable, scale: Scale): Scalable => ({
  ...object,
  spec: { ...object.spec, replicas: scale.spec?.replicas ?? 0 },
});
