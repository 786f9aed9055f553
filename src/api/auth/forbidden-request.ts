import type { RequestAttributes } from '../../domain/authorization/request-attributes.ts';
import { forbidden, forbiddenPath, type StatusError } from '../../domain/meta/status-error.ts';
import type { UserInfo } from '../../domain/meta/user-info.ts';

/** Kubernetes' words for a refusal (apiserver pkg/endpoints/handlers/responsewriters/errors.go). */
export function forbiddenRequest(user: UserInfo, attributes: RequestAttributes, reason: string): StatusError {
  const because = reason === '' ? '' : `: ${reason}`;
  if (attributes.kind === 'path') return forbiddenPath(user.name, attributes.verb, attributes.path, because);
  const { verb, group, resource, subresource, namespace, name = '' } = attributes;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  const refusal = `User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
  return forbidden({ group, resource }, name, `${refusal}${because}`);
}
