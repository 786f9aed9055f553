import { forbidden, forbiddenPath, type StatusError } from '../../domain/meta/status-error.ts';
import type { UserInfo } from '../../domain/meta/user-info.ts';

/** What a request wants (apiserver pkg/authorization/authorizer.Attributes). */
export type RequestAttributes =
  | {
      kind: 'resource';
      verb: string;
      group: string;
      resource: string;
      subresource?: string;
      namespace?: string;
      name?: string;
    }
  | { kind: 'path'; verb: string; path: string };

export type Decision = { allowed: true } | { allowed: false; reason: string };

export type Authorize = (user: UserInfo, attributes: RequestAttributes) => Decision;

/** What Kubernetes' roles system:discovery and system:basic-user allow (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go). */
const DISCOVERY_PATHS = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/healthz',
  '/livez',
  '/openapi',
  '/openapi/*',
  '/readyz',
  '/version',
  '/version/',
];
const SELF_REVIEWS = [
  'authentication.k8s.io/selfsubjectreviews',
  'authorization.k8s.io/selfsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
];

/** Administrators may do everything, whoever is known may look around. */
export const authorize: Authorize = (user, attributes) => {
  if (user.groups.includes('system:masters')) return { allowed: true };
  if (user.groups.includes('system:authenticated') && isForEveryone(attributes)) return { allowed: true };
  return { allowed: false, reason: '' };
};

const isForEveryone = (attributes: RequestAttributes): boolean =>
  attributes.kind === 'path'
    ? attributes.verb === 'get' && DISCOVERY_PATHS.some((pattern) => matches(pattern, attributes.path))
    : attributes.verb === 'create' && SELF_REVIEWS.includes(`${attributes.group}/${attributes.resource}`);

/** `*` stands at the end only (apiserver pkg/apis/rbac/v1 NonResourceURLMatches). */
const matches = (pattern: string, path: string): boolean =>
  pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;

/** Kubernetes' words for a refusal (apiserver pkg/endpoints/handlers/responsewriters/errors.go). */
export function forbiddenRequest(user: UserInfo, attributes: RequestAttributes, reason: string): StatusError {
  if (attributes.kind === 'path') return forbiddenPath(user.name, attributes.verb, attributes.path);
  const { verb, group, resource, subresource, namespace, name = '' } = attributes;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  const refusal = `User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
  return forbidden({ group, resource }, name, reason === '' ? refusal : `${refusal}: ${reason}`);
}
