import { capabilitiesBaseline, capabilitiesRestricted } from './capability-checks.ts';
import { type Check, type CheckedPod, type Level, type Violation } from './check.ts';
import {
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  privileged,
  windowsHostProcess,
} from './host-checks.ts';
import { appArmorProfile, procMount, procMountWithHostUsers, seLinuxOptionsOf, sysctlsOf } from './kernel-checks.ts';
import { restrictedVolumes } from './restricted-volumes.ts';
import { seccompBaseline, seccompRestricted } from './seccomp-checks.ts';
import { allowPrivilegeEscalation, runAsNonRoot, runAsUser, unlessOwnUsers, unlessWindows } from './user-checks.ts';

/** The Pod Security Standards, in the order in which Kubernetes tells of them (pod-security-admission/policy, by file name). */
const checks: readonly Check[] = [
  { level: 'restricted', since: 8, until: 25, violation: allowPrivilegeEscalation },
  { level: 'restricted', since: 25, violation: unlessWindows(allowPrivilegeEscalation) },
  { level: 'baseline', since: 0, violation: appArmorProfile },
  { level: 'baseline', since: 0, topic: 'capabilities', violation: capabilitiesBaseline },
  { level: 'restricted', since: 22, until: 25, topic: 'capabilities', violation: capabilitiesRestricted },
  { level: 'restricted', since: 25, topic: 'capabilities', violation: unlessWindows(capabilitiesRestricted) },
  { level: 'baseline', since: 0, violation: hostNamespaces },
  { level: 'baseline', since: 0, topic: 'volumes', violation: hostPathVolumes },
  { level: 'baseline', since: 0, violation: hostPorts },
  { level: 'baseline', since: 34, violation: hostProbes },
  { level: 'baseline', since: 0, violation: privileged },
  { level: 'baseline', since: 0, until: 35, topic: 'procMount', violation: procMount },
  { level: 'baseline', since: 35, topic: 'procMount', violation: procMountWithHostUsers },
  { level: 'restricted', since: 35, topic: 'procMount', violation: procMount },
  { level: 'restricted', since: 0, topic: 'volumes', violation: restrictedVolumes },
  { level: 'restricted', since: 0, until: 35, violation: runAsNonRoot },
  { level: 'restricted', since: 35, violation: unlessOwnUsers(runAsNonRoot) },
  { level: 'restricted', since: 23, until: 35, violation: runAsUser },
  { level: 'restricted', since: 35, violation: unlessOwnUsers(runAsUser) },
  { level: 'baseline', since: 0, until: 31, violation: seLinuxOptionsOf(0) },
  { level: 'baseline', since: 31, violation: seLinuxOptionsOf(31) },
  { level: 'baseline', since: 0, topic: 'seccomp', violation: seccompBaseline },
  { level: 'restricted', since: 19, until: 25, topic: 'seccomp', violation: seccompRestricted },
  { level: 'restricted', since: 25, topic: 'seccomp', violation: unlessWindows(seccompRestricted) },
  { level: 'baseline', since: 0, until: 27, violation: sysctlsOf(0) },
  { level: 'baseline', since: 27, until: 29, violation: sysctlsOf(27) },
  { level: 'baseline', since: 29, until: 32, violation: sysctlsOf(29) },
  { level: 'baseline', since: 32, violation: sysctlsOf(32) },
  { level: 'baseline', since: 0, violation: windowsHostProcess },
];

/** A level of one minor version; Infinity is the latest. */
export type LevelVersion = { level: Level; version: number };

/** Everything that keeps the pod from the level: rules of the baseline first, unless a restricted one speaks for them. */
export function violations({ level, version }: LevelVersion, pod: CheckedPod): Violation[] {
  if (level === 'privileged') return [];
  const inForce = checks.filter(({ since, until }) => since <= version && (until === undefined || version < until));
  const baseline = inForce.filter((check) => check.level === 'baseline');
  const restricted = level === 'restricted' ? inForce.filter((check) => check.level === 'restricted') : [];
  const spokenFor = new Set(restricted.flatMap(({ topic }) => topic ?? []));
  return [...baseline.filter(({ topic }) => topic === undefined || !spokenFor.has(topic)), ...restricted].flatMap(
    (check) => check.violation(pod) ?? [],
  );
}
