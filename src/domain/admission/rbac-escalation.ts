import { confirmNoEscalation, hasFullAuthority, type Grantor } from '../authorization/confirm-no-escalation.ts';
import { referencedRules } from '../authorization/grants.ts';
import { rbacAuthorizer } from '../authorization/rbac-authorizer.ts';
import { sameJson } from '../meta/deep-equal.ts';
import { metaOf } from '../meta/object-key.ts';
import { forbidden, notFound } from '../meta/status-error.ts';
import type { ClusterRole, KubernetesObject, RoleRef } from '../meta/types.ts';
import { privilegedGroup } from '../meta/user-info.ts';
import { rbacGroup } from '../resources/rbac-group.ts';
import { groupResource } from '../resources/resource-definition.ts';
import type { Binding } from '../resources/role-binding-form.ts';
import type { AdmissionPlugin, AdmissionRequest, Lister } from './chain.ts';

/**
 * Whoever may write roles or bindings can give others no more than he has himself, unless he may `escalate` the role or `bind` it
 * (kubernetes pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/policybased). A plug-in here, so that every way to write passes it.
 */
export const rbacEscalation = (): AdmissionPlugin => ({
  name: 'RBACEscalation',
  validate(request, lister) {
    const { definition, object, oldObject, user, key } = request;
    if (definition.group !== rbacGroup || object === undefined || user.groups.includes(privilegedGroup)) return;
    if (oldObject !== undefined && isOnlyForCollector(object, oldObject)) return;
    const grantor = { authorizer: rbacAuthorizer(lister), user, namespace: key.namespace };
    if (definition.kind.endsWith('Binding')) checkBinding(request, object as Binding, grantor, lister);
    else checkRole(request, object as ClusterRole, grantor);
  },
});

/** Owners and finalizers give nothing to anybody, and the garbage collector has to write them (IsOnlyMutatingGCFields). */
const isOnlyForCollector = (next: KubernetesObject, current: KubernetesObject): boolean => {
  const { ownerReferences, finalizers } = metaOf(current);
  return sameJson({ ...next, metadata: { ...metaOf(next), ownerReferences, finalizers } }, current);
};

function checkRole(
  { definition, key, operation, oldObject }: AdmissionRequest,
  role: ClusterRole,
  grantor: Grantor,
): void {
  const resource = groupResource(definition);
  // As in Kubernetes a new role has no name to be allowed by.
  const name = operation === 'CREATE' ? {} : { name: key.name };
  const attributes = { kind: 'resource', verb: 'escalate', ...resource, ...inNamespace(grantor), ...name } as const;
  if (grantor.authorizer.authorize(grantor.user, attributes).allowed) return;
  confirmNoEscalation(grantor, role.rules ?? [], resource, key.name);
  const aggregates = hasAggregation(role) || hasAggregation(oldObject);
  if (aggregates && !hasFullAuthority(grantor)) {
    throw forbidden(resource, key.name, 'must have cluster-admin privileges to use the aggregationRule');
  }
}

/** It can gather anything, now and later. */
const hasAggregation = (role: ClusterRole | undefined): boolean =>
  (role?.aggregationRule?.clusterRoleSelectors ?? []).length > 0;

function checkBinding(
  { definition, key }: AdmissionRequest,
  { roleRef }: Binding,
  grantor: Grantor,
  lister: Lister,
): void {
  const resource = roleResource(roleRef);
  const attributes = {
    kind: 'resource',
    verb: 'bind',
    ...resource,
    ...inNamespace(grantor),
    name: roleRef.name,
  } as const;
  if (grantor.authorizer.authorize(grantor.user, attributes).allowed) return;
  const rules = referencedRules(lister, roleRef, key.namespace);
  if (rules === undefined) throw notFound({ group: rbacGroup, resource: roleRef.kind.toLowerCase() }, roleRef.name);
  confirmNoEscalation(grantor, rules, groupResource(definition), key.name);
}

const roleResource = ({ kind }: RoleRef) => ({
  group: rbacGroup,
  resource: kind === 'ClusterRole' ? 'clusterroles' : 'roles',
});

const inNamespace = ({ namespace }: Grantor) => (namespace === '' ? {} : { namespace });
