import { invalid, invalidValue, type FieldError } from '../../domain/meta/field-error.ts';
import { toTime } from '../../domain/meta/clock.ts';
import { metaOf, type ObjectKey } from '../../domain/meta/object-key.ts';
import { badRequest, conflict } from '../../domain/meta/status-error.ts';
import type { TokenRequest } from '../../domain/meta/types.ts';
import type { Registry } from '../../domain/registry/registry.ts';
import { pods } from '../../domain/resources/pod.ts';
import { secrets } from '../../domain/resources/secret.ts';
import { serviceAccounts } from '../../domain/resources/service-account.ts';
import { ISSUER } from '../auth/token-claims.ts';
import { decodeBody } from '../codec/decode-body.ts';
import type { Verb } from '../verb.ts';
import { writeOptions } from '../write-options.ts';
import type { Subresource } from './subresource.ts';

const tokenRequest = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
const expected = { apiVersion: `${tokenRequest.group}/${tokenRequest.version}`, kind: tokenRequest.kind };

const defaultSeconds = 3600;
const leastSeconds = 600;
const mostSeconds = 2 ** 32;

/** Issues a token for the account; nothing is stored (kubernetes pkg/registry/core/serviceaccount/storage/token.go). */
const createToken: Verb = async ({ registry, tokens, clock }, { key, body, query, warn }) => {
  const { fieldValidation } = writeOptions('CreateOptions', query);
  const request = await decodeBody<TokenRequest>(body, expected, { fieldValidation, warn });
  refuse(key.name, identityErrors(request, key));
  const { uid = '' } = metaOf(registry.get(serviceAccounts, key));
  const { boundObjectRef: reference, expirationSeconds = defaultSeconds } = request.spec ?? {};
  refuse('', expirationErrors(expirationSeconds));
  const audiences = request.spec?.audiences ?? [ISSUER];
  const { token, expirationTimestamp } = tokens.issue({
    namespace: key.namespace,
    serviceAccount: { name: key.name, uid },
    ...(reference ? boundObject(registry, key, reference) : {}),
    audiences,
    expirationSeconds,
  });
  const object = {
    ...expected,
    metadata: { ...key, creationTimestamp: toTime(clock.now()) },
    spec: { ...request.spec, audiences, expirationSeconds },
    status: { token, expirationTimestamp },
  };
  return { kind: 'object', code: 201, object };
};

const refuse = (name: string, errors: readonly FieldError[]): void => {
  if (errors.length > 0) throw invalid(tokenRequest.group, tokenRequest.kind, name, errors);
};

const identityErrors = (request: TokenRequest, key: ObjectKey): FieldError[] =>
  (['name', 'namespace'] as const).flatMap((field) => {
    const given = metaOf(request)[field] ?? '';
    return given === '' || given === key[field]
      ? []
      : [invalidValue(`metadata.${field}`, given, `must match the service account ${field} if specified`)];
  });

const expirationErrors = (seconds: number): FieldError[] => [
  ...(seconds < leastSeconds ? [expirationError(seconds, 'less than 10 minutes')] : []),
  ...(seconds > mostSeconds ? [expirationError(seconds, 'larger than 2^32 seconds')] : []),
];

const expirationError = (seconds: number, bound: string): FieldError =>
  invalidValue('spec.expirationSeconds', seconds, `may not specify a duration ${bound}`);

type BoundReference = NonNullable<NonNullable<TokenRequest['spec']>['boundObjectRef']>;

/** What the token dies with, for `issue`. */
function boundObject(registry: Registry, { namespace, name: account }: ObjectKey, reference: BoundReference) {
  const { kind, apiVersion = 'v1', name = '' } = reference;
  const key = { namespace, name };
  if (apiVersion === 'v1' && kind === 'Pod') {
    const pod = registry.get(pods, key);
    if (pod.spec?.serviceAccountName !== account) {
      throw badRequest(
        `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
      );
    }
    return { pod: { name, uid: sameUid(reference, metaOf(pod).uid) } };
  }
  if (apiVersion === 'v1' && kind === 'Secret') {
    return { secret: { name, uid: sameUid(reference, metaOf(registry.get(secrets, key)).uid) } };
  }
  throw badRequest(
    `cannot bind token to object of type ${apiVersion.slice(0, 100)}, Kind=${kind?.slice(0, 100) ?? ''}`,
  );
}

/** Throws 409 when the client means another object of that name. */
function sameUid({ kind = '', name = '', uid: wanted }: BoundReference, uid = ''): string {
  if (!wanted || wanted === uid) return uid;
  throw conflict(
    { group: '', resource: kind },
    name,
    `the UID in the bound object reference (${wanted}) does not match the UID in record. The object might have been deleted and then recreated`,
  );
}

export const token: Subresource = {
  name: 'token',
  servedFor: ({ group, plural }) => group === serviceAccounts.group && plural === serviceAccounts.plural,
  verbs: { create: createToken },
  responseKind: tokenRequest,
};
