/** The group of roles and bindings, and of the subjects that are users or groups. */
export const rbacGroup = 'rbac.authorization.k8s.io';
