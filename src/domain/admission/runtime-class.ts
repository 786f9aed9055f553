import { sameJson } from '../meta/deep-equal.ts';
import { forbidden } from '../meta/status-error.ts';
import type { PodSpec, RuntimeClass } from '../meta/types.ts';
import { pods } from '../resources/pod.ts';
import { groupResource } from '../resources/resource-definition.ts';
import { runtimeClasses } from '../resources/runtime-class.ts';
import type { AdmissionPlugin } from './chain.ts';
import { newPodOf } from './pod-creation.ts';

/** A pod gets what its runtime class says of overhead and of nodes (kubernetes plugin/pkg/admission/runtimeclass/admission.go). */
export const runtimeClass = (): AdmissionPlugin => ({
  name: 'RuntimeClass',
  mutate(request, lister) {
    const pod = newPodOf(request);
    const name = pod?.spec.runtimeClassName;
    if (!pod || name === undefined) return undefined;
    const refuse = (why: string) => forbidden(groupResource(pods), request.key.name, why);
    const found = lister.find(runtimeClasses, { namespace: '', name });
    if (!found) throw refuse(`pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
    const why = conflictWith(found, pod.spec);
    if (why !== undefined) throw refuse(why);
    return { ...pod, spec: { ...pod.spec, ...given(found, pod.spec) } };
  },
  validate(request, lister) {
    const pod = newPodOf(request);
    if (!pod || Object.keys(pod.spec.overhead ?? {}).length === 0) return;
    const { runtimeClassName: name } = pod.spec;
    const found = name === undefined ? undefined : lister.find(runtimeClasses, { namespace: '', name });
    if (found?.overhead !== undefined) return;
    const why = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
    throw forbidden(groupResource(pods), request.key.name, why);
  },
});

function conflictWith({ overhead, scheduling }: RuntimeClass, spec: PodSpec): string | undefined {
  if (overhead && spec.overhead && !sameJson(overhead.podFixed ?? {}, spec.overhead)) {
    return "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";
  }
  for (const [key, wanted] of Object.entries<string>(scheduling?.nodeSelector ?? {})) {
    const own = spec.nodeSelector && Object.hasOwn(spec.nodeSelector, key) ? spec.nodeSelector[key] : wanted;
    if (own === wanted) continue;
    return `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${wanted}; pod.spec.nodeSelector[${key}] = ${own}`;
  }
  return undefined;
}

const given = ({ overhead, scheduling }: RuntimeClass, spec: PodSpec): Partial<PodSpec> => ({
  ...(overhead?.podFixed ? { overhead: overhead.podFixed } : {}),
  ...(scheduling?.nodeSelector ? { nodeSelector: { ...spec.nodeSelector, ...scheduling.nodeSelector } } : {}),
  ...(scheduling?.tolerations ? { tolerations: [...(spec.tolerations ?? []), ...scheduling.tolerations] } : {}),
});
