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
  /** The signature is checked once a connection; dates with every request. */
  readonly #ours = new WeakSet<X509Certificate>();

  constructor(authority: X509Certificate, clock: Clock) {
    this.#authority = authority;
    this.#clock = clock;
  }

  /** Undefined for a certificate that is not our authority's, not a client's, or has ended. */
  verify(certificate: X509Certificate): UserInfo | undefined {
    if (!this.#isOurs(certificate) || !this.#isCurrent(certificate)) return undefined;
    // The legacy object has names as they are, `subject` has them escaped in lines.
    const subject = certificate.toLegacyObject().subject as { CN?: string | string[]; O?: string | string[] };
    const [name] = [subject.CN ?? []].flat();
    if (!name) return undefined;
    return { name, groups: [...[subject.O ?? []].flat(), 'system:authenticated'] };
  }

  #isOurs(certificate: X509Certificate): boolean {
    if (this.#ours.has(certificate)) return true;
    const isOurs =
      !certificate.ca &&
      (certificate.keyUsage ?? []).includes(CLIENT_AUTH) &&
      certificate.checkIssued(this.#authority) &&
      certificate.verify(this.#authority.publicKey);
    if (isOurs) this.#ours.add(certificate);
    return isOurs;
  }

  #isCurrent({ validFromDate, validToDate }: X509Certificate): boolean {
    const now = this.#clock.now();
    return validFromDate <= now && now <= validToDate;
  }
}
