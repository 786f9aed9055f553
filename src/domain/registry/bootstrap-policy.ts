import { defaultClusterRoleBindings, defaultClusterRoles } from '../authorization/default-policy.ts';
import { isProtected, reconciledBinding, reconciledRole } from '../authorization/reconcile-policy.ts';
import { sameJson } from '../meta/deep-equal.ts';
import { keyOf } from '../meta/object-key.ts';
import type { ClusterRoleBinding, KubernetesObject } from '../meta/types.ts';
import { clusterRoleBindings } from '../resources/cluster-role-binding.ts';
import { clusterRoles } from '../resources/cluster-role.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import type { Registry } from './registry.ts';

/** Makes the default roles and bindings, and puts back what has gone from those that people have not taken into their own hands. */
export async function bootstrapPolicy(registry: Registry): Promise<void> {
  await Promise.all(defaultClusterRoles.map((wanted) => keep(registry, clusterRoles, wanted, reconciledRole)));
  await Promise.all(defaultClusterRoleBindings.map((wanted) => keepBinding(registry, wanted)));
}

async function keepBinding(registry: Registry, wanted: ClusterRoleBinding): Promise<void> {
  await removeBindingOfAnotherRole(registry, wanted);
  await keep(registry, clusterRoleBindings, wanted, reconciledBinding);
}

async function keep<T extends KubernetesObject>(
  registry: Registry,
  definition: ResourceDefinition<T>,
  wanted: T,
  reconciled: (current: T, wanted: T) => T,
): Promise<void> {
  const current = registry.find(definition, keyOf(wanted));
  if (current === undefined) await registry.create(definition, wanted);
  else if (!isProtected(current)) {
    await registry.update(definition, keyOf(wanted), (newest) => reconciled(newest, wanted));
  }
}

/** The role of a binding cannot be changed. */
async function removeBindingOfAnotherRole(registry: Registry, wanted: ClusterRoleBinding): Promise<void> {
  const current = registry.find(clusterRoleBindings, keyOf(wanted));
  if (current === undefined || isProtected(current) || sameJson(current.roleRef, wanted.roleRef)) return;
  await registry.delete(clusterRoleBindings, keyOf(wanted));
}
