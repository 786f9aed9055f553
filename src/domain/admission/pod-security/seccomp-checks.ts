import type { Container } from '../../meta/types.ts';
import { type Check, type CheckedPod, containersNamed, quoted, setters, sorted, type Violation } from './check.ts';

const typeOf = (context: Container['securityContext']) => context?.seccompProfile?.type;

const isGood = (type: string | undefined): boolean => type === 'RuntimeDefault' || type === 'Localhost';

const isBad = (type: string | undefined): boolean => type !== undefined && !isGood(type);

/** Profiles may be left out. Of versions before 1.19 Kubernetes reads annotations, which do nothing any more. */
export const seccompBaseline: Check['violation'] = ({ spec, containers }) => {
  const pod = typeOf(spec.securityContext);
  const offenders = containers.filter(({ securityContext }) => isBad(typeOf(securityContext)));
  const types = [pod, ...offenders.map((c) => typeOf(c.securityContext))].filter(isBad);
  if (types.length === 0) return undefined;
  const values = quoted(sorted(types.map(String)));
  const detail = `${setters(isBad(pod), offenders)} must not set securityContext.seccompProfile.type to ${values}`;
  return { reason: 'seccompProfile', detail };
};

/** Every container has one, of its own or the pod's. */
export const seccompRestricted = (pod: CheckedPod): Violation | undefined =>
  seccompBaseline(pod) ?? withoutProfile(pod);

function withoutProfile({ spec, containers }: CheckedPod): Violation | undefined {
  if (isGood(typeOf(spec.securityContext))) return undefined;
  const without = containers.filter(({ securityContext }) => typeOf(securityContext) === undefined);
  if (without.length === 0) return undefined;
  return {
    reason: 'seccompProfile',
    detail: `pod or ${containersNamed(without)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
}
