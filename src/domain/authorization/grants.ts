import type { Lister } from '../admission/chain.ts';
import { metaOf } from '../meta/object-key.ts';
import type { PolicyRule, RoleRef, Subject } from '../meta/types.ts';
import type { UserInfo } from '../meta/user-info.ts';
import { clusterRoleBindings } from '../resources/cluster-role-binding.ts';
import { clusterRoles } from '../resources/cluster-role.ts';
import type { Binding } from '../resources/role-binding-form.ts';
import { roleBindings } from '../resources/role-binding.ts';
import { roles } from '../resources/role.ts';
import { serviceAccountUser } from './service-account-user.ts';

/** What one binding gives somebody; `rules` is undefined when its role does not exist. */
export type Grant = { binding: Binding; subject: Subject; rules: readonly PolicyRule[] | undefined };

/**
 * Everything that bindings of the cluster, and of the namespace unless it is empty, give this user, found while it is asked for
 * (kubernetes pkg/registry/rbac/validation/rule.go VisitRulesFor).
 */
export function* grantsTo(lister: Lister, user: UserInfo, namespace: string): Generator<Grant, void, void> {
  for (const binding of lister.all(clusterRoleBindings)) {
    const subject = subjectOf(binding, user, '');
    if (subject) yield { binding, subject, rules: referencedRules(lister, binding.roleRef, '') };
  }
  if (namespace === '') return;
  for (const binding of lister.all(roleBindings, namespace)) {
    const subject = subjectOf(binding, user, namespace);
    if (subject) yield { binding, subject, rules: referencedRules(lister, binding.roleRef, namespace) };
  }
}

/** Undefined when there is no such role. `namespace` is the binding's. */
export function referencedRules(
  lister: Lister,
  { kind, name }: RoleRef,
  namespace: string,
): readonly PolicyRule[] | undefined {
  const role =
    kind === 'ClusterRole'
      ? lister.find(clusterRoles, { namespace: '', name })
      : lister.find(roles, { namespace, name });
  return role && (role.rules ?? []);
}

const subjectOf = (binding: Binding, user: UserInfo, namespace: string): Subject | undefined =>
  binding.subjects?.find((subject) => appliesTo(subject, user, namespace));

function appliesTo(subject: Subject, user: UserInfo, namespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.name;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount':
      return isAccount(user, subject.namespace || namespace, subject.name);
    default:
      return false;
  }
}

const isAccount = ({ name: user }: UserInfo, namespace: string, name: string): boolean =>
  namespace !== '' && serviceAccountUser(namespace, name) === user;

/** `RoleBinding "read/plant" of Role "reader" to User "jane"` */
export function describeGrant({ binding, subject }: Grant): string {
  const { name = '', namespace } = metaOf(binding);
  const { kind, name: role } = binding.roleRef;
  const [bindingKind, bindingName] =
    namespace === undefined ? ['ClusterRoleBinding', name] : ['RoleBinding', `${name}/${namespace}`];
  return `${bindingKind} ${JSON.stringify(bindingName)} of ${kind} ${JSON.stringify(role)} to ${describeSubject(subject, namespace)}`;
}

const describeSubject = ({ kind, name, namespace }: Subject, bindingNamespace = ''): string =>
  `${kind} ${JSON.stringify(kind === 'ServiceAccount' ? `${name}/${namespace || bindingNamespace}` : name)}`;

/** In the words of a refusal: `clusterrole.rbac.authorization.k8s.io "x" not found`. */
export const missingRole = ({ kind, name }: RoleRef): string =>
  `${kind.toLowerCase()}.${clusterRoles.group} ${JSON.stringify(name)} not found`;
