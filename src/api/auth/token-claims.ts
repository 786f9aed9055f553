import type { ObjectKey } from '../../domain/meta/object-key.ts';
import type { Claims } from './json-web-token.ts';

/** Issuer, and the audience that the API server itself answers to (kube-apiserver --service-account-issuer, --api-audiences). */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';

/** Of tokens in secrets, which name no audience and do not end (kubernetes pkg/serviceaccount/legacy.go). */
const SECRET_ISSUER = 'kubernetes/serviceaccount';

export type Reference = { name: string; uid: string };

/** What a token says of itself, once its signature has been verified. */
export type TokenSubject = {
  namespace: string;
  serviceAccount: Reference;
  sub: unknown;
} & (
  | { kind: 'bound'; audiences: readonly unknown[]; expires: number; pod?: Reference; secret?: Reference; id?: string }
  | { kind: 'secret'; secret: ObjectKey }
);

const PREFIX = 'kubernetes.io/serviceaccount/';

export const secretClaims = ({ namespace, name }: ObjectKey, account: Reference, sub: string): Claims => ({
  iss: SECRET_ISSUER,
  [`${PREFIX}namespace`]: namespace,
  [`${PREFIX}secret.name`]: name,
  [`${PREFIX}service-account.name`]: account.name,
  [`${PREFIX}service-account.uid`]: account.uid,
  sub,
});

/** The signature says that we wrote the claims, so their shape is known; other versions of k2d may write others. */
export function readClaims(claims: Claims): TokenSubject | undefined {
  return claims['iss'] === ISSUER
    ? readBound(claims)
    : claims['iss'] === SECRET_ISSUER
      ? readSecret(claims)
      : undefined;
}

type BoundObjects = { namespace: string; serviceaccount: Reference; pod?: Reference; secret?: Reference };

function readBound({ sub, aud, exp, jti, 'kubernetes.io': about }: Claims): TokenSubject | undefined {
  const { namespace, serviceaccount, pod, secret } = (about ?? {}) as Partial<BoundObjects>;
  if (namespace === undefined || serviceaccount === undefined || !Array.isArray(aud)) return undefined;
  return {
    kind: 'bound',
    namespace,
    serviceAccount: serviceaccount,
    sub,
    audiences: aud,
    expires: Number(exp),
    ...(pod ? { pod } : {}),
    ...(secret ? { secret } : {}),
    ...(typeof jti === 'string' ? { id: jti } : {}),
  };
}

function readSecret(claims: Claims): TokenSubject {
  const text = (name: string) => String(claims[`${PREFIX}${name}`]);
  const namespace = text('namespace');
  return {
    kind: 'secret',
    namespace,
    serviceAccount: { name: text('service-account.name'), uid: text('service-account.uid') },
    sub: claims['sub'],
    secret: { namespace, name: text('secret.name') },
  };
}
