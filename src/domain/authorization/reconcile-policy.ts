import { metaOf } from '../meta/object-key.ts';
import type { ClusterRole, ClusterRoleBinding, KubernetesObject, Subject } from '../meta/types.ts';
import { coverage } from './covers.ts';
import { autoupdate } from './default-policy.ts';

/** Somebody has said that he looks after it himself. */
export const isProtected = (object: KubernetesObject): boolean => metaOf(object).annotations?.[autoupdate] === 'false';

/**
 * The role with everything that the default has; what people added stays (kubernetes staging/src/k8s.io/component-helpers/auth/rbac/reconciliation,
 * without removing extra permissions).
 */
export function reconciledRole(current: ClusterRole, wanted: ClusterRole): ClusterRole {
  const rules = current.rules ?? [];
  const { aggregationRule } = wanted;
  const missing = (wanted.rules ?? []).filter((rule) => coverage(rules, [rule]).kind !== 'covered');
  return {
    ...withMetadata(current, wanted),
    ...(missing.length === 0 ? {} : { rules: [...rules, ...missing] }),
    ...(aggregationRule === undefined ? {} : { aggregationRule }),
  };
}

/** The same for a binding, whose role cannot be changed. */
export function reconciledBinding(current: ClusterRoleBinding, wanted: ClusterRoleBinding): ClusterRoleBinding {
  const subjects = current.subjects ?? [];
  const missing = (wanted.subjects ?? []).filter((subject) => !subjects.some((other) => isSame(subject, other)));
  return { ...withMetadata(current, wanted), ...(missing.length === 0 ? {} : { subjects: [...subjects, ...missing] }) };
}

const isSame = (a: Subject, b: Subject): boolean =>
  a.kind === b.kind && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '');

const withMetadata = <T extends KubernetesObject>(current: T, wanted: T): T => ({
  ...current,
  metadata: {
    ...metaOf(current),
    labels: { ...metaOf(wanted).labels, ...metaOf(current).labels },
    annotations: { ...metaOf(wanted).annotations, ...metaOf(current).annotations },
  },
});
