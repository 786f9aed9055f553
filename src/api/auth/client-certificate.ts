import type { X509Certificate } from 'node:crypto';
import type { Clock } from '../../domain/meta/clock.ts';
import type { UserInfo } from '../../domain/meta/user-info.ts';

/** id-kp-clientAuth (RFC 5280, 4.2.1.12). */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/**
 * Users by certificate: common name and organizations (apiserver pkg/authentication/request/x509). The certificate is verified
 * here and not taken from `socket.authorized`, which is also true for a resumed TLS 1.3 session without any certificate, and stays
 * true on a connection that outlives its certificate.
 */
export class ClientCertificates {
  readonly #authority: X509Certificate;
  readonly #clock: Clock;
  /** Signature and names are read once a connection; dates with every request. */
  readonly #users = new WeakMap<X509Certificate, UserInfo>();

  constructor(authority: X509Certificate, clock: Clock) {
    this.#authority = authority;
    this.#clock = clock;
  }

  /** Undefined for a certificate that is not our authority's, not a client's, or has ended. */
  verify(certificate: X509Certificate): UserInfo | undefined {
    if (!this.#isCurrent(certificate)) return undefined;
    const known = this.#users.get(certificate);
    if (known) return known;
    const user = this.#isOurs(certificate) ? userOf(certificate) : undefined;
    if (user) this.#users.set(certificate, user);
    return user;
  }

  #isOurs(certificate: X509Certificate): boolean {
    return (
      !certificate.ca &&
      (certificate.keyUsage ?? []).includes(CLIENT_AUTH) &&
      certificate.checkIssued(this.#authority) &&
      certificate.verify(this.#authority.publicKey)
    );
  }

  #isCurrent({ validFromDate, validToDate }: X509Certificate): boolean {
    const now = this.#clock.now();
    return validFromDate <= now && now <= validToDate;
  }
}

/** Nobody without a name. */
function userOf(certificate: X509Certificate): UserInfo | undefined {
  // The legacy object has names as they are, `subject` has them escaped in lines.
  const subject = certificate.toLegacyObject().subject as { CN?: string | string[]; O?: string | string[] };
  const [name] = [subject.CN ?? []].flat();
  if (!name) return undefined;
  const digest = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  return {
    name,
    groups: [...[subject.O ?? []].flat(), 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${digest}`] },
  };
}
