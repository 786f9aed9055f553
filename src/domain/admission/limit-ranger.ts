import { metaOf } from '../meta/object-key.ts';
import { forbidden } from '../meta/status-error.ts';
import type { LimitRange, LimitRangeItem, PersistentVolumeClaim } from '../meta/types.ts';
import { limitRanges } from '../resources/limit-range.ts';
import { persistentVolumeClaims } from '../resources/persistent-volume-claim.ts';
import { groupResource } from '../resources/resource-definition.ts';
import type { AdmissionPlugin, AdmissionRequest, Lister } from './chain.ts';
import { claimLimitViolations, limitViolations } from './limit-violations.ts';
import { newPodOf, type NewPod } from './pod-creation.ts';
import { withLimitDefaults } from './limit-defaults.ts';

const annotation = 'kubernetes.io/limit-ranger';

const rangesFor = ({ key }: AdmissionRequest, lister: Lister): LimitRange[] => lister.all(limitRanges, key.namespace);

/** A namespace's bounds and defaults for what its pods and claims ask for (kubernetes plugin/pkg/admission/limitranger/admission.go). */
export const limitRanger = (): AdmissionPlugin => ({
  name: 'LimitRanger',
  mutate(request, lister) {
    const pod = newPodOf(request);
    return pod && rangesFor(request, lister).reduce(filledBy, pod);
  },
  validate(request, lister) {
    const violationsOf = checkOf(request);
    if (!violationsOf) return;
    for (const { spec } of rangesFor(request, lister)) {
      const violations = (spec?.limits ?? []).flatMap(violationsOf);
      if (violations.length === 0) continue;
      const text = violations.length === 1 ? violations[0]! : `[${violations.join(', ')}]`;
      throw forbidden(groupResource(request.definition), request.key.name, text);
    }
  },
});

/** Undefined for what has no bounds. */
function checkOf(request: AdmissionRequest): ((limit: LimitRangeItem) => string[]) | undefined {
  const pod = newPodOf(request);
  if (pod) return (limit) => limitViolations(limit, pod.spec);
  const { operation, definition, subresource, object } = request;
  const isClaim = definition.group === '' && definition.kind === persistentVolumeClaims.kind;
  if (!isClaim || operation === 'DELETE' || subresource !== undefined || !object) return undefined;
  return (limit) => claimLimitViolations(limit, object as PersistentVolumeClaim);
}

/** The annotation tells whoever wonders where the numbers come from. */
function filledBy(pod: NewPod, range: LimitRange): NewPod {
  const { spec, filled } = withLimitDefaults(range, pod.spec);
  if (filled.length === 0) return pod;
  const annotations = { ...metaOf(pod).annotations, [annotation]: `LimitRanger plugin set: ${filled.join('; ')}` };
  return { ...pod, metadata: { ...metaOf(pod), annotations }, spec };
}
