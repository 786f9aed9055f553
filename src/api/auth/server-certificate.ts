import type { SecureContextOptions } from 'node:tls';
import { SERVER_YEARS } from './certificate-lifetime.ts';
import { hostAddresses, plainAddress } from './host-addresses.ts';
import { isDue, issueCredential, readCredential, type Credential, type CredentialOptions } from './kept-credential.ts';

/** Under these names pods and tools know the API server of every cluster (kubeadm cmd/phases/certs). */
const CLUSTER_NAMES = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** A host with hundreds of bridges still gets a certificate that fits into a handshake. */
const MAX_ADDRESSES = 256;

/** A certificate that could not be renewed is not tried again at once: its issue costs a weak CPU 20 ms. */
const RETRY_MS = 10_000;

export type ServerCertificateOptions = CredentialOptions & {
  file: string;
  hostname: string;
  /** Beyond those of the host's interfaces: the kubernetes Service's, the advertised one. */
  extraAddresses: readonly string[];
};

/** The server's certificate, for every address and name of the host, issued again when one is missing or its end is near. */
export class ServerCertificate {
  readonly #options: ServerCertificateOptions;
  #credential: Credential;
  #failedAt = -Infinity;
  #renewal: Promise<boolean> | undefined;

  private constructor(options: ServerCertificateOptions, credential: Credential) {
    this.#options = options;
    this.#credential = credential;
  }

  static async open(options: ServerCertificateOptions): Promise<ServerCertificate> {
    const kept = await readCredential(options.file, options.authority.x509);
    const opened = new ServerCertificate(options, kept ?? (await issue(options)));
    if (kept && !opened.#coversHost()) await opened.renew();
    return opened;
  }

  /** For `https.createServer` and for `setSecureContext`, which forgets what it is not told again. */
  get secureContext(): SecureContextOptions {
    const { certificate, key } = this.#credential;
    return { cert: certificate, key, ca: this.#options.authority.certificate, minVersion: 'TLSv1.2' };
  }

  /** False when the connection that came in at this address of the host needs a newer certificate. */
  serves(localAddress: string): boolean {
    return this.#covers(localAddress) && !isDue(this.#credential, SERVER_YEARS, this.#options.clock);
  }

  covers(name: string): boolean {
    return this.#credential.x509.checkHost(name) !== undefined || this.#covers(name);
  }

  /** Issues a new certificate; false when that failed, and then the old one stays. Calls at the same time share one issue. */
  renew(localAddress?: string): Promise<boolean> {
    this.#renewal ??= this.#renew(localAddress).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #renew(localAddress: string | undefined): Promise<boolean> {
    const now = this.#options.clock.now().getTime();
    if (Math.abs(now - this.#failedAt) < RETRY_MS) return false;
    try {
      this.#credential = await issue(this.#options, localAddress);
      return true;
    } catch (error) {
      this.#failedAt = now;
      this.#options.logger.error({ error }, 'cannot renew the server certificate');
      return false;
    }
  }

  #coversHost(): boolean {
    const { hostname } = this.#options;
    return this.covers(hostname) && addressesOf(this.#options).every((address) => this.serves(address));
  }

  #covers(address: string): boolean {
    return this.#credential.x509.checkIP(plainAddress(address)) !== undefined;
  }
}

const issue = (options: ServerCertificateOptions, localAddress?: string): Promise<Credential> =>
  issueCredential(
    options.file,
    {
      subject: { commonName: 'kube-apiserver' },
      usage: 'server',
      years: SERVER_YEARS,
      names: [...new Set(['localhost', options.hostname, ...CLUSTER_NAMES])],
      addresses: addressesOf(options, localAddress),
    },
    options,
  );

function addressesOf({ extraAddresses }: ServerCertificateOptions, localAddress?: string): string[] {
  const asked = localAddress === undefined ? [] : [localAddress];
  const all = ['127.0.0.1', '::1', ...extraAddresses, ...asked, ...hostAddresses()].map(plainAddress);
  return [...new Set(all)].slice(0, MAX_ADDRESSES);
}
