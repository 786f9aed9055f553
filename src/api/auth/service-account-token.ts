import { randomUUID } from 'node:crypto';
import type { Clock } from '../../domain/meta/clock.ts';
import { toTime } from '../../domain/meta/clock.ts';
import type { UserInfo } from '../../domain/meta/user-info.ts';
import { plausibleNow } from './certificate-lifetime.ts';
import type { Claims, JsonWebTokens } from './json-web-token.ts';

/** Issuer, and the audience that the API server itself answers to (kube-apiserver --service-account-issuer, --api-audiences). */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';

type Reference = { name: string; uid: string };

export type TokenRequest = {
  namespace: string;
  serviceAccount: Reference;
  /** The token dies with it. */
  pod?: Reference;
  /** None: the API server. */
  audiences?: readonly string[];
  expirationSeconds: number;
};

/** Whether what a token is bound to still exists with this uid. */
export type TokenBindings = {
  serviceAccountExists(namespace: string, name: string, uid: string): boolean;
  podExists(namespace: string, name: string, uid: string): boolean;
};

/** A pod's default token asks for this long and gets a year, since programs exist that read it only once (kubernetes pkg/serviceaccount/claims.go). */
const WARN_ONLY_SECONDS = 3607;
const EXTENDED_SECONDS = 365 * 24 * 3600;

/** Bound service account tokens (KEP-1205) with the claims that client libraries and kube-apiserver use. */
export class ServiceAccountTokens {
  readonly #tokens: JsonWebTokens;
  readonly #bindings: TokenBindings;
  readonly #clock: Clock;

  constructor(tokens: JsonWebTokens, bindings: TokenBindings, clock: Clock) {
    this.#tokens = tokens;
    this.#bindings = bindings;
    this.#clock = clock;
  }

  /** `expirationTimestamp` is what the client asked for and should renew by; `expiresAt` when the token really ends. */
  issue(request: TokenRequest): { token: string; expirationTimestamp: string; expiresAt: Date } {
    const { namespace, serviceAccount, pod, audiences = [ISSUER] } = request;
    const now = Math.floor(plausibleNow(this.#clock) / 1000);
    const isExtended = pod && request.expirationSeconds === WARN_ONLY_SECONDS && audiences.includes(ISSUER);
    const expires = now + (isExtended ? EXTENDED_SECONDS : request.expirationSeconds);
    const token = this.#tokens.sign({
      iss: ISSUER,
      aud: audiences,
      sub: userName(namespace, serviceAccount.name),
      iat: now,
      nbf: now,
      exp: expires,
      jti: randomUUID(),
      'kubernetes.io': {
        namespace,
        ...(pod ? { pod: { name: pod.name, uid: pod.uid } } : {}),
        serviceaccount: { name: serviceAccount.name, uid: serviceAccount.uid },
        ...(isExtended ? { warnafter: now + WARN_ONLY_SECONDS } : {}),
      },
    });
    const refreshBy = isExtended ? now + WARN_ONLY_SECONDS : expires;
    return { token, expirationTimestamp: toTime(new Date(refreshBy * 1000)), expiresAt: new Date(expires * 1000) };
  }

  /**
   * Who the token speaks for; undefined when it is not ours, has ended, is for others, or when its account or pod is gone.
   * `nbf` is not looked at: after a power cut a device's clock may be years before the day it issued the token.
   */
  verify(token: string, audience: string = ISSUER): UserInfo | undefined {
    const claims = this.#tokens.verify(token);
    const bound = claims && boundObjects(claims);
    if (!claims || !bound || claims['iss'] !== ISSUER) return undefined;
    if (!Array.isArray(claims['aud']) || !claims['aud'].includes(audience)) return undefined;
    if (!(Number(claims['exp']) * 1000 > this.#clock.now().getTime())) return undefined;
    const { namespace, serviceaccount, pod } = bound;
    if (claims['sub'] !== userName(namespace, serviceaccount.name)) return undefined;
    if (!this.#bindings.serviceAccountExists(namespace, serviceaccount.name, serviceaccount.uid)) return undefined;
    if (pod && !this.#bindings.podExists(namespace, pod.name, pod.uid)) return undefined;
    return {
      name: userName(namespace, serviceaccount.name),
      uid: serviceaccount.uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    };
  }
}

type BoundObjects = { namespace: string; serviceaccount: Reference; pod?: Reference };

/** The signature says that `issue` wrote the claims, so their shape is known; other versions of k2d may write others. */
function boundObjects(claims: Claims): BoundObjects | undefined {
  const bound = claims['kubernetes.io'] as Partial<BoundObjects> | undefined;
  return bound?.namespace !== undefined && bound.serviceaccount ? (bound as BoundObjects) : undefined;
}

const userName = (namespace: string, name: string): string => `system:serviceaccount:${namespace}:${name}`;
