import { metaOf } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import { checkedPod } from './check.ts';
import { type LevelVersion, violations } from './checks.ts';
import { formatLevel } from './policy.ts';

/** Which pods a namespace has that its new level would not let in (pod-security-admission/admission/admission.go EvaluatePodsInNamespace). */
export function namespaceWarnings(namespace: string, pods: readonly Pod[], level: LevelVersion): string[] {
  const byReason = new Map<string, string[]>();
  for (const pod of pods) {
    const reason = violations(level, checkedPod(pod.metadata, pod.spec ?? { containers: [] }))
      .map((violation) => violation.reason)
      .join(', ');
    if (reason !== '') byReason.set(reason, [...(byReason.get(reason) ?? []), metaOf(pod).name ?? '']);
  }
  if (byReason.size === 0) return [];
  const head = `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${formatLevel(level)}"`;
  return [head, ...[...byReason].map(([reason, names]) => `${together(names)}: ${reason}`).toSorted()];
}

function together(names: readonly string[]): string {
  const [first = '', ...others] = names.toSorted();
  if (others.length === 0) return first;
  return `${first} (and ${others.length === 1 ? '1 other pod' : `${others.length} other pods`})`;
}
