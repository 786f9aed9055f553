import { rbacAuthorizer } from '../authorization/rbac-authorizer.ts';
import { resourceAttributes, type RequestAttributes } from '../authorization/request-attributes.ts';
import { serviceAccountGroups, serviceAccountUser } from '../authorization/service-account-user.ts';
import { authorizerValue, resourceCheckValue, type AccessQuery } from '../meta/cel/authorizer-library.ts';
import type { Scope } from '../meta/cel/evaluation.ts';
import { readDynamic } from '../meta/cel/typed-value.ts';
import type { UserInfo } from '../meta/user-info.ts';
import { requestResource } from '../resources/admission-expression.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import type { AdmissionRequest, Lister } from './chain.ts';
import { admissionReview } from './webhooks/admission-review.ts';

/**
 * What an expression knows of a write: object, oldObject, request and authorizer (apiserver pkg/admission/plugin/cel/condition.go). `resource`
 * is the version that it is asked about.
 */
export function admissionVariables(request: AdmissionRequest, resource: ResourceDefinition, lister: Lister): Scope {
  const { request: reviewed } = admissionReview(request, resource, { uid: '', version: 'v1' });
  const answer = (query: AccessQuery) =>
    rbacAuthorizer(lister).authorize(userOf(query, request.user), attributesOf(query));
  const { object, oldObject, uid: _uid, ...rest } = reviewed;
  return (name) => {
    if (name === 'object') return readDynamic(object);
    if (name === 'oldObject') return readDynamic(oldObject);
    if (name === 'request') return readDynamic(withAllFields(rest));
    if (name === 'authorizer') return authorizerValue(answer);
    return name === requestResource ? resourceCheckValue(answer, ownResource(request, resource)) : undefined;
  };
}

/** A field of the request that says nothing is empty, as Go has it. */
const withAllFields = (request: object): object => ({
  subResource: '',
  requestSubResource: '',
  namespace: '',
  ...request,
});

const ownResource = ({ key, subresource }: AdmissionRequest, { group, plural }: ResourceDefinition) => ({
  group,
  resource: plural,
  namespace: key.namespace,
  name: key.name,
  ...(subresource === undefined ? {} : { subresource }),
});

function userOf({ serviceAccount }: AccessQuery, user: UserInfo): UserInfo {
  if (serviceAccount === undefined) return user;
  const { namespace, name } = serviceAccount;
  return {
    name: serviceAccountUser(namespace, name),
    groups: [...serviceAccountGroups(namespace), 'system:authenticated'],
  };
}

const attributesOf = ({ path, ...query }: AccessQuery): RequestAttributes =>
  path === undefined ? resourceAttributes(query) : { kind: 'path', verb: query.verb, path };
