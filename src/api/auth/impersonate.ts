import type { IncomingMessage } from 'node:http';
import type { Authorize } from '../../domain/authorization/authorizer.ts';
import type { ResourceAttributes } from '../../domain/authorization/request-attributes.ts';
import { serviceAccountGroups } from '../../domain/authorization/service-account-user.ts';
import { badRequest } from '../../domain/meta/status-error.ts';
import type { UserInfo } from '../../domain/meta/user-info.ts';
import { forbiddenRequest } from './forbidden-request.ts';

/** `headers` joins what comes more than once with commas, which groups may hold; `headersDistinct` does not, and is made when it is asked for. */
type Incoming = Pick<IncomingMessage, 'headers' | 'headersDistinct'>;

/**
 * Whom the request is made for: `kubectl --as`. Throws 403 unless the user may impersonate each part of him, 400 for parts of nobody
 * (apiserver pkg/endpoints/filters/impersonation).
 */
export function impersonated(user: UserInfo, incoming: Incoming, authorize: Authorize): UserInfo {
  if (!Object.keys(incoming.headers).some((header) => header.startsWith(prefix))) return user;
  const wanted = readIdentity(incoming.headersDistinct);
  if (wanted === undefined) return user;
  for (const attributes of partsOf(wanted)) {
    const decision = authorize(user, attributes);
    if (!decision.allowed) throw forbiddenRequest(user, attributes, decision.reason);
  }
  return { ...wanted, groups: withDefaultGroups(wanted) };
}

const prefix = 'impersonate-';
const extraPrefix = `${prefix}extra-`;

function readIdentity(headers: Incoming['headersDistinct']): UserInfo | undefined {
  const [name] = headers[`${prefix}user`] ?? [];
  const groups = headers[`${prefix}group`] ?? [];
  const [uid] = headers[`${prefix}uid`] ?? [];
  const extra = Object.entries(headers)
    .filter(([header]) => header.startsWith(extraPrefix))
    .map(([header, values = []]) => [decoded(header.slice(extraPrefix.length)), values] as const);
  if (name) {
    return { name, groups, ...(uid ? { uid } : {}), ...(extra.length > 0 ? { extra: Object.fromEntries(extra) } : {}) };
  }
  if (groups.length > 0 || uid || extra.length > 0) {
    throw badRequest('requested groups, uid or extra without impersonating a user');
  }
  return undefined;
}

/** Keys may hold what header names cannot. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** One question for each part. */
function partsOf({ name, groups, uid, extra = {} }: UserInfo): ResourceAttributes[] {
  const authentication = 'authentication.k8s.io';
  return [
    userPart(name),
    ...groups.map((group) => part('', 'groups', group)),
    ...(uid === undefined ? [] : [part(authentication, 'uids', uid)]),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => ({ ...part(authentication, 'userextras', value), subresource: key })),
    ),
  ];
}

const part = (group: string, resource: string, name: string): ResourceAttributes => ({
  kind: 'resource',
  verb: 'impersonate',
  group,
  resource,
  name,
});

function userPart(user: string): ResourceAttributes {
  const account = serviceAccountOf(user);
  return account
    ? { ...part('', 'serviceaccounts', account.name), namespace: account.namespace }
    : part('', 'users', user);
}

function serviceAccountOf(user: string): { namespace: string; name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace !== undefined && name !== undefined ? { namespace, name } : undefined;
}

const everyone = ['system:authenticated', 'system:unauthenticated'];

/** Whoever is impersonated counts as known, unless he is the one who is not. */
function withDefaultGroups({ name, groups }: UserInfo): string[] {
  const account = serviceAccountOf(name);
  const given = groups.length === 0 && account ? serviceAccountGroups(account.namespace) : groups;
  if (name === 'system:anonymous') return [...new Set([...given, 'system:unauthenticated'])];
  return given.some((group) => everyone.includes(group)) ? [...given] : [...given, 'system:authenticated'];
}
