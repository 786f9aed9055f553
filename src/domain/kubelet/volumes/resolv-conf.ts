import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mount } from '../../container-runtime/container.ts';
import type { Pod } from '../../meta/types.ts';

/** As the kubelet writes it (kubernetes pkg/kubelet/network/dns/dns.go); undefined when the engine's own settings hold. */
export function resolvConf({ spec }: Pod): string | undefined {
  if (spec?.dnsPolicy !== 'None') return undefined;
  const { nameservers = [], searches = [], options = [] } = spec.dnsConfig ?? {};
  const flags = options.map(({ name = '', value }) => (value === undefined ? name : `${name}:${value}`));
  return [
    ...(searches.length > 0 ? [`search ${searches.join(' ')}\n`] : []),
    ...nameservers.map((address) => `nameserver ${address}\n`),
    ...(flags.length > 0 ? [`options ${flags.join(' ')}\n`] : []),
  ].join('');
}

/** A file below the pod's folder, because engines put servers of their own between a container and those it was given. */
export async function mountResolvConf(pod: Pod, podFolder: string): Promise<Mount[]> {
  const text = resolvConf(pod);
  if (text === undefined) return [];
  const source = join(podFolder, 'resolv.conf');
  await mkdir(podFolder, { recursive: true, mode: 0o755 });
  await writeFile(source, text, { mode: 0o644 });
  return [{ kind: 'bind', source, target: '/etc/resolv.conf', readOnly: false, propagation: 'private' }];
}
