import { readIfPresent } from './certificate-authority.ts';
import { CLIENT_YEARS } from './certificate-lifetime.ts';
import { isDue, issueCredential, readCredential, type Credential, type CredentialOptions } from './kept-credential.ts';
import { kubeconfigText, serverUrl } from './kubeconfig.ts';

export type AdministratorOptions = CredentialOptions & {
  /** Certificate and key. */
  file: string;
  kubeconfigPath: string;
  instance: string;
  /** Host name or address that goes into the kubeconfig. */
  host: string;
  port: number;
};

/** kubeadm's names (cmd/kubeadm/app/phases/kubeconfig): RBAC lets this group do everything. */
const SUBJECT = { commonName: 'kubernetes-admin', organizations: ['system:masters'] };

/** A clock that jumps, when a device finds a time server weeks after its start, is noticed after this time at most. */
const LONGEST_WAIT_MS = 3600_000;

/** Keeps a valid kubeconfig of the administrator on disk: one at once, a new one before it ends, until the signal. */
export async function keepKubeconfig(options: AdministratorOptions, signal: AbortSignal): Promise<void> {
  await refreshKubeconfig(options);
  const timer = setInterval(() => {
    refreshKubeconfig(options).catch((error: Error) => options.logger.error({ error }, 'cannot renew the kubeconfig'));
  }, LONGEST_WAIT_MS).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** Reads two small files; writes only what changed. */
async function refreshKubeconfig(options: AdministratorOptions): Promise<void> {
  const { instance, host, port, kubeconfigPath, authority } = options;
  const { certificate, key } = await currentCredential(options);
  const server = serverUrl(host, port);
  const text = kubeconfigText({ instance, server, authority: authority.certificate, certificate, key });
  if ((await readIfPresent(kubeconfigPath)) !== text) await options.write(kubeconfigPath, text, 0o600);
}

async function currentCredential(options: AdministratorOptions): Promise<Credential> {
  const kept = await readCredential(options.file, options.authority.x509);
  if (kept && !isDue(kept, CLIENT_YEARS, options.clock)) return kept;
  return issueCredential(options.file, { subject: SUBJECT, usage: 'client', years: CLIENT_YEARS }, options);
}
