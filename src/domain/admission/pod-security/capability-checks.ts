import type { Container } from '../../meta/types.ts';
import { type CheckedPod, containersNamed, quoted, sorted, type Violation } from './check.ts';

/** The usual ones, except NET_RAW. */
const usual: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const added = ({ securityContext }: Container): readonly string[] => securityContext?.capabilities?.add ?? [];

const mustNotAdd = (containers: readonly Container[], isAllowed: (name: string) => boolean): string | undefined => {
  const offenders = containers.filter((container) => !added(container).every(isAllowed));
  if (offenders.length === 0) return undefined;
  const names = quoted(sorted(offenders.flatMap(added).filter((name) => !isAllowed(name))));
  return `${containersNamed(offenders)} must not include ${names} in securityContext.capabilities.add`;
};

export function capabilitiesBaseline({ containers }: CheckedPod): Violation | undefined {
  const detail = mustNotAdd(containers, (name) => usual.has(name));
  return detail === undefined ? undefined : { reason: 'non-default capabilities', detail };
}

export function capabilitiesRestricted({ containers }: CheckedPod): Violation | undefined {
  const keeping = containers.filter(({ securityContext: own }) => !own?.capabilities?.drop?.includes('ALL'));
  const adding = mustNotAdd(containers, (name) => name === 'NET_BIND_SERVICE');
  const details = [
    ...(keeping.length > 0 ? [`${containersNamed(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding === undefined ? [] : [adding]),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
}
