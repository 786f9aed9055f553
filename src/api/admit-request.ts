import type { TLSSocket } from 'node:tls';
import type { Authorizer } from '../domain/authorization/authorizer.ts';
import { resourceAttributes, type RequestAttributes } from '../domain/authorization/request-attributes.ts';
import { parseFieldSelector } from '../domain/meta/field-selector.ts';
import { badRequest, unauthorized } from '../domain/meta/status-error.ts';
import type { UserInfo } from '../domain/meta/user-info.ts';
import type { Request } from './app.ts';
import { peerCertificate, type Authenticate } from './auth/authenticate.ts';
import { forbiddenRequest } from './auth/forbidden-request.ts';
import { impersonated } from './auth/impersonate.ts';
import { booleanParameter } from './query-parameters.ts';
import { requestTimeout } from './request-deadline.ts';
import { requestInfo, type RequestInfo } from './request-info.ts';

type Door = { authenticate: Authenticate; authorizer: Pick<Authorizer, 'authorize'> };

/** Everyone passes here, before routing and before the body is read: 401 for who is not known, 403 for who may not. */
export function admitRequest({ authenticate, authorizer }: Door, request: Request): void {
  request.user = impersonated(userOf(authenticate, request), request.raw, authorizer.authorize);
  const [path, query] = splitOnce(request.url, '?');
  request.parameters = new URLSearchParams(query);
  request.info = readInfo(request, path);
  authorizeVerb(authorizer, request, request.info.verb);
  request.timeout = requestTimeout(request.info, request.parameters);
}

/** Throws 403 when the user of the request may not do this to what the request is about. */
export function authorizeVerb({ authorize }: Door['authorizer'], request: Request, verb: string): void {
  const attributes = { ...attributesOf(request.info, request.parameters), verb };
  const decision = authorize(request.user, attributes);
  if (!decision.allowed) throw forbiddenRequest(request.user, attributes, decision.reason);
}

/** Throws 401 when there is none. */
export function userOf(authenticate: Authenticate, request: Request): UserInfo {
  const user = authenticate({
    peerCertificate: peerCertificate(request.raw.socket as TLSSocket),
    authorizationHeader: request.headers.authorization,
  });
  if (user === undefined) throw unauthorized();
  return user;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function readInfo({ method, parameters }: Request, path: string): RequestInfo {
  try {
    return requestInfo(method, path, booleanParameter(parameters, 'watch') ?? false);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw badRequest('the path holds a percent sign that encodes nothing');
  }
}

function attributesOf(
  { isResource, path, verb, group, resource, subresource, namespace, name }: RequestInfo,
  parameters: URLSearchParams,
): RequestAttributes {
  if (!isResource) return { kind: 'path', verb, path };
  return resourceAttributes({ verb, group, resource, subresource, namespace, name: name || selectedName(parameters) });
}

/** Who may see one object may list and watch it by its name. */
const selectedName = (parameters: URLSearchParams): string =>
  parseFieldSelector(parameters.get('fieldSelector') ?? '').find(({ path, equal }) => path === 'metadata.name' && equal)
    ?.value ?? '';
