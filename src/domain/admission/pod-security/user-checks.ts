import { type Check, type CheckedPod, containersNamed, hasOwnUsers, ofContainers, setters } from './check.ts';

// Who a container runs as, and what it may become.

export const runAsNonRoot = (pod: CheckedPod): ReturnType<Check['violation']> => {
  const shared = pod.spec.securityContext?.runAsNonRoot;
  const refusing = pod.containers.filter(({ securityContext: own }) => own?.runAsNonRoot === false);
  const reason = 'runAsNonRoot != true';
  if (shared === false || refusing.length > 0)
    return { reason, detail: `${setters(shared === false, refusing)} must not set securityContext.runAsNonRoot=false` };
  const silent = pod.containers.filter(({ securityContext: own }) => own?.runAsNonRoot === undefined);
  if (shared === true || silent.length === 0) return undefined;
  return { reason, detail: `pod or ${containersNamed(silent)} must set securityContext.runAsNonRoot=true` };
};

export const runAsUser = (pod: CheckedPod): ReturnType<Check['violation']> => {
  const shared = pod.spec.securityContext?.runAsUser === 0;
  const roots = pod.containers.filter(({ securityContext: own }) => own?.runAsUser === 0);
  if (!shared && roots.length === 0) return undefined;
  return { reason: 'runAsUser=0', detail: `${setters(shared, roots)} must not set runAsUser=0` };
};

export const unlessOwnUsers =
  (violation: Check['violation']): Check['violation'] =>
  (pod) =>
    hasOwnUsers(pod) ? undefined : violation(pod);

/** Windows has no such thing (since 1.25, by the pod's own word). */
export const unlessWindows =
  (violation: Check['violation']): Check['violation'] =>
  (pod) =>
    pod.spec.os?.name === 'windows' ? undefined : violation(pod);

export const allowPrivilegeEscalation = ofContainers(
  ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
  'allowPrivilegeEscalation != false',
  (names) => `${names} must set securityContext.allowPrivilegeEscalation=false`,
);
