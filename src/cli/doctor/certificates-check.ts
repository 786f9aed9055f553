import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readCredential } from '../../api/auth/kept-credential.ts';
import { pkiFiles } from '../../api/auth/pki-files.ts';
import type { Check, Finding } from './finding.ts';

/** k2d renews long before this, while it runs. */
const SOON_MS = 30 * 24 * 3600_000;

export const certificatesCheck: Check = async ({ config, now }) => {
  const files = pkiFiles(config.dataPath);
  const text = await readFile(files.authority, 'utf8').catch(() => undefined);
  if (text === undefined)
    return [{ check: 'certificates', level: 'ok', found: 'none yet: the first start makes them' }];
  const authority = new X509Certificate(text);
  const own = await Promise.all(
    (['server', 'administrator'] as const).map(async (name) =>
      judgeCertificate(name, (await readCredential(files[name], authority))?.x509, now),
    ),
  );
  return [judgeCertificate('authority', authority, now), ...own];
};

export function judgeCertificate(
  name: string,
  certificate: Pick<X509Certificate, 'validToDate'> | undefined,
  now: Date,
): Finding {
  const check = `certificate: ${name}`;
  if (!certificate)
    return {
      check,
      level: 'fail',
      found: 'missing, broken or of another authority',
      advice: 'restart k2d, which makes it anew',
    };
  const left = certificate.validToDate.getTime() - now.getTime();
  const found = `valid until ${certificate.validToDate.toISOString().slice(0, 10)}`;
  if (left > SOON_MS) return { check, level: 'ok', found };
  const advice =
    name === 'authority'
      ? 'remove pki below the data path and restart k2d; every kubeconfig has to be given out anew'
      : 'restart k2d, which renews it, and look at its log; give the new kubeconfig to those who have the old one';
  return { check, level: left > 0 ? 'warn' : 'fail', found, advice };
}
