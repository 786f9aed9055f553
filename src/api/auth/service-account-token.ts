import { randomUUID } from 'node:crypto';
import { serviceAccountGroups, serviceAccountUser } from '../../domain/authorization/service-account-user.ts';
import type { Clock } from '../../domain/meta/clock.ts';
import { toTime } from '../../domain/meta/clock.ts';
import type { ObjectKey } from '../../domain/meta/object-key.ts';
import type { UserInfo } from '../../domain/meta/user-info.ts';
import { plausibleNow } from './certificate-lifetime.ts';
import type { JsonWebTokens } from './json-web-token.ts';
import type { TokenBindings } from './token-bindings.ts';
import { ISSUER, readClaims, secretClaims, type Reference, type TokenSubject } from './token-claims.ts';

export type BoundTokenRequest = {
  namespace: string;
  serviceAccount: Reference;
  /** The token dies with either. */
  pod?: Reference;
  secret?: Reference;
  /** None: the API server. */
  audiences?: readonly string[];
  expirationSeconds: number;
};

export type IssuedToken = { token: string; expirationTimestamp: string; expiresAt: Date };

/** Who a token speaks for, and those of the audiences asked for that it is meant for. */
export type VerifiedToken = { user: UserInfo; audiences: readonly string[] };

/** A pod's default token asks for this long and gets a year, since programs exist that read it only once (kubernetes pkg/serviceaccount/claims.go). */
const WARN_ONLY_SECONDS = 3607;
const EXTENDED_SECONDS = 365 * 24 * 3600;

/** Service account tokens with the claims that client libraries and kube-apiserver use: bound ones (KEP-1205), and those in secrets. */
export class ServiceAccountTokens {
  readonly #tokens: JsonWebTokens;
  readonly #bindings: TokenBindings;
  readonly #clock: Clock;

  constructor(tokens: JsonWebTokens, bindings: TokenBindings, clock: Clock) {
    this.#tokens = tokens;
    this.#bindings = bindings;
    this.#clock = clock;
  }

  get keySet(): JsonWebTokens['keySet'] {
    return this.#tokens.keySet;
  }

  /** `expirationTimestamp` is what the client asked for and should renew by; `expiresAt` when the token really ends. */
  issue(request: BoundTokenRequest): IssuedToken {
    const { namespace, serviceAccount, pod, secret, audiences = [ISSUER] } = request;
    const now = Math.floor(plausibleNow(this.#clock) / 1000);
    const isExtended =
      pod && request.expirationSeconds === WARN_ONLY_SECONDS && audiences.every((audience) => audience === ISSUER);
    const expires = now + (isExtended ? EXTENDED_SECONDS : request.expirationSeconds);
    const token = this.#tokens.sign({
      iss: ISSUER,
      aud: audiences,
      sub: serviceAccountUser(namespace, serviceAccount.name),
      iat: now,
      nbf: now,
      exp: expires,
      jti: randomUUID(),
      'kubernetes.io': {
        namespace,
        ...(pod ? { pod: { name: pod.name, uid: pod.uid } } : {}),
        ...(secret ? { secret: { name: secret.name, uid: secret.uid } } : {}),
        serviceaccount: { name: serviceAccount.name, uid: serviceAccount.uid },
        ...(isExtended ? { warnafter: now + WARN_ONLY_SECONDS } : {}),
      },
    });
    const refreshBy = isExtended ? now + WARN_ONLY_SECONDS : expires;
    return { token, expirationTimestamp: toTime(new Date(refreshBy * 1000)), expiresAt: new Date(expires * 1000) };
  }

  /** A token for a secret to hold. It is good as long as the secret does hold it. */
  issueForSecret(secret: ObjectKey, account: Reference): string {
    return this.#tokens.sign(secretClaims(secret, account, serviceAccountUser(secret.namespace, account.name)));
  }

  /**
   * Undefined when the token is not ours, has ended, is for none of the audiences, or when its account or what else it is bound to is gone.
   * `nbf` is not looked at: after a power cut a device's clock may be years before the day it issued the token.
   */
  verify(token: string, audiences: readonly string[] = [ISSUER]): VerifiedToken | undefined {
    const claims = this.#tokens.verify(token);
    const subject = claims && readClaims(claims);
    if (!subject || !this.#isCurrent(subject, token)) return undefined;
    const meant = audiences.filter((audience) => audiencesOf(subject).includes(audience));
    return meant.length === 0 ? undefined : { user: userOf(subject), audiences: meant };
  }

  #isCurrent(subject: TokenSubject, token: string): boolean {
    const { namespace, serviceAccount, sub } = subject;
    if (sub !== serviceAccountUser(namespace, serviceAccount.name)) return false;
    if (!this.#bindings.serviceAccountExists({ namespace, name: serviceAccount.name }, serviceAccount.uid))
      return false;
    if (subject.kind === 'secret') return this.#bindings.secretToken(subject.secret) === token;
    const { expires, pod, secret } = subject;
    if (!(expires * 1000 > this.#clock.now().getTime())) return false;
    if (pod && !this.#bindings.podExists({ namespace, name: pod.name }, pod.uid)) return false;
    return !secret || this.#bindings.secretExists({ namespace, name: secret.name }, secret.uid);
  }
}

const audiencesOf = (subject: TokenSubject): readonly unknown[] =>
  subject.kind === 'secret' ? [ISSUER] : subject.audiences;

const EXTRA = 'authentication.kubernetes.io/';

function userOf(subject: TokenSubject): UserInfo {
  const { namespace, serviceAccount } = subject;
  return {
    name: serviceAccountUser(namespace, serviceAccount.name),
    uid: serviceAccount.uid,
    groups: [...serviceAccountGroups(namespace), 'system:authenticated'],
    ...(subject.kind === 'bound' ? { extra: extraOf(subject) } : {}),
  };
}

/** apiserver pkg/authentication/serviceaccount/util.go UserInfo */
const extraOf = ({ id, pod }: Extract<TokenSubject, { kind: 'bound' }>): Record<string, string[]> => ({
  ...(id === undefined ? {} : { [`${EXTRA}credential-id`]: [`JTI=${id}`] }),
  ...(pod === undefined ? {} : { [`${EXTRA}pod-name`]: [pod.name], [`${EXTRA}pod-uid`]: [pod.uid] }),
});
