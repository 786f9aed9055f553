import type { TLSSocket } from 'node:tls';
import { badRequest, unauthorized } from '../domain/meta/status-error.ts';
import type { UserInfo } from '../domain/meta/user-info.ts';
import { queryOf, type Request } from './app.ts';
import { peerCertificate, type Authenticate } from './auth/authenticate.ts';
import { forbiddenRequest, type Authorize, type RequestAttributes } from './auth/authorize.ts';
import { booleanParameter } from './query-parameters.ts';
import { requestInfo, type RequestInfo } from './request-info.ts';

type Door = { authenticate: Authenticate; authorize: Authorize };

/** Everyone passes here, before routing and before the body is read: 401 for who is not known, 403 for who may not. */
export function admitRequest({ authenticate, authorize }: Door, request: Request): void {
  const user = userOf(authenticate, request);
  const info = readInfo(request);
  const attributes = attributesOf(info);
  const decision = authorize(user, attributes);
  if (!decision.allowed) throw forbiddenRequest(user, attributes, decision.reason);
  request.info = info;
  request.user = user;
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

function readInfo(request: Request): RequestInfo {
  const [path = ''] = request.url.split('?', 1);
  try {
    return requestInfo(request.method, path, booleanParameter(queryOf(request), 'watch') ?? false);
  } catch {
    throw badRequest('the path holds a percent sign that encodes nothing');
  }
}

function attributesOf({
  isResource,
  path,
  verb,
  group,
  resource,
  subresource,
  namespace,
  name,
}: RequestInfo): RequestAttributes {
  if (!isResource) return { kind: 'path', verb, path };
  return {
    kind: 'resource',
    verb,
    group,
    resource,
    ...(subresource === '' ? {} : { subresource }),
    ...(namespace === '' ? {} : { namespace }),
    ...(name === '' ? {} : { name }),
  };
}
