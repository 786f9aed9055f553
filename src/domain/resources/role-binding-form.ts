import { sameJson } from '../meta/deep-equal.ts';
import { invalidValue, notSupported, required, type FieldError } from '../meta/field-error.ts';
import { dnsSubdomain, pathSegment } from '../meta/names.ts';
import type { KubernetesObject, RoleRef, Subject } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { rbacGroup } from './rbac-group.ts';
import type { Column } from './resource-definition.ts';
import { eachOf, given, givenName, named } from './value-rules.ts';
import { withDefaults } from './with-defaults.ts';

/** What the bindings of a namespace and of the cluster have in common. */
export type Binding = KubernetesObject & { roleRef: RoleRef; subjects?: Subject[] };

/** kubernetes pkg/apis/rbac/v1/defaults.go */
export const defaultBinding = <T extends Binding>(binding: T): T => ({
  ...binding,
  ...(binding.roleRef ? { roleRef: withDefaults(binding.roleRef, { apiGroup: rbacGroup }) } : {}),
  ...(binding.subjects ? { subjects: binding.subjects.map(defaultSubject) } : {}),
});

const defaultSubject = (subject: Subject): Subject =>
  subject.kind === 'User' || subject.kind === 'Group' ? withDefaults(subject, { apiGroup: rbacGroup }) : subject;

/** kubernetes pkg/apis/rbac/validation/validation.go ValidateRoleBinding, ValidateClusterRoleBinding */
export const validateBinding =
  (roleKinds: readonly string[], isNamespaced: boolean) =>
  ({ roleRef, subjects }: Binding): FieldError[] => [
    ...unless(roleRef?.apiGroup === rbacGroup, notSupported('roleRef.apiGroup', roleRef?.apiGroup ?? '', [rbacGroup])),
    ...unless(roleKinds.includes(roleRef?.kind), notSupported('roleRef.kind', roleRef?.kind ?? '', roleKinds)),
    ...givenName('roleRef.name', roleRef?.name, pathSegment),
    ...eachOf('subjects', subjects, (subject, field) => validateSubject(subject, field, isNamespaced)),
  ];

const unless = (holds: boolean, error: FieldError): FieldError[] => (holds ? [] : [error]);

const subjectKinds = ['ServiceAccount', 'User', 'Group'];

/** Clients leave out what the type says is there. */
function validateSubject(subject: Partial<Subject>, field: string, isNamespaced: boolean): FieldError[] {
  const { kind = '', name = '', apiGroup = '', namespace = '' } = subject;
  const ofGroup = (group: string) => unless(apiGroup === group, notSupported(`${field}.apiGroup`, apiGroup, [group]));
  const missing = given(`${field}.name`, name);
  switch (kind) {
    case 'ServiceAccount':
      return [
        ...missing,
        ...(name === '' ? [] : named(`${field}.name`, name, dnsSubdomain)),
        ...ofGroup(''),
        ...(isNamespaced || namespace !== '' ? [] : [required(`${field}.namespace`)]),
      ];
    case 'User':
    case 'Group':
      return [
        ...missing,
        ...unless(name !== '', invalidValue(`${field}.name`, name, `${kind.toLowerCase()} name cannot be empty`)),
        ...ofGroup(rbacGroup),
      ];
    default:
      return [...missing, notSupported(`${field}.kind`, kind, subjectKinds)];
  }
}

/** Whoever may change the subjects must not thereby be able to give away another role. */
export const keepsRoleRef = (next: Binding, current: Binding): FieldError[] =>
  sameJson(next.roleRef, current.roleRef) ? [] : [invalidValue('roleRef', next.roleRef, 'cannot change roleRef')];

const namesOf =
  (kind: string, nameOf = (subject: Subject): string => subject.name) =>
  ({ subjects }: Binding): string =>
    (subjects ?? [])
      .filter((subject) => subject.kind === kind)
      .map(nameOf)
      .join(', ');

export const bindingColumns: readonly Column<Binding>[] = [
  nameColumn,
  { name: 'Role', type: 'string', cell: ({ roleRef }) => `${roleRef?.kind ?? ''}/${roleRef?.name ?? ''}` },
  ageColumn,
  { name: 'Users', type: 'string', wide: true, cell: namesOf('User') },
  { name: 'Groups', type: 'string', wide: true, cell: namesOf('Group') },
  {
    name: 'ServiceAccounts',
    type: 'string',
    wide: true,
    cell: namesOf('ServiceAccount', ({ namespace = '', name }) => `${namespace}/${name}`),
  },
];
