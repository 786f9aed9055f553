import { sameJson } from '../meta/deep-equal.ts';
import { forbiddenField, invalidValue, type FieldError } from '../meta/field-error.ts';
import type { Container, Pod, PodSpec } from '../meta/types.ts';
import { validatePodResize } from './pod-resize-validation.ts';
import { keepsEphemeralContainers } from './ephemeral-container-validation.ts';
import { changedPaths } from './changed-paths.ts';

const immutable =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

const withImagesOf = (containers: Container[], current: readonly Container[]): Container[] =>
  containers.map((container, index) => {
    const { image: _image, ...rest } = container;
    const image = current[index]?.image;
    return image === undefined ? rest : { ...rest, image };
  });

/** The next spec with everything that may change put back: what is left must equal the current one. */
function withoutLegalChanges(next: PodSpec, current: PodSpec): PodSpec {
  const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, terminationGracePeriodSeconds, ...rest } = next;
  const { activeDeadlineSeconds, tolerations } = current;
  const mended = (current.terminationGracePeriodSeconds ?? 0) < 0 && terminationGracePeriodSeconds === 1;
  const grace = mended ? current.terminationGracePeriodSeconds : terminationGracePeriodSeconds;
  return {
    ...rest,
    containers: withImagesOf(next.containers, current.containers),
    ...(next.initContainers ? { initContainers: withImagesOf(next.initContainers, current.initContainers ?? []) } : {}),
    ...(activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds }),
    ...(tolerations === undefined ? {} : { tolerations }),
    ...(grace === undefined ? {} : { terminationGracePeriodSeconds: grace }),
  };
}

function shortensDeadline(next: PodSpec, current: PodSpec): FieldError[] {
  const [after, before] = [next.activeDeadlineSeconds, current.activeDeadlineSeconds];
  const field = 'spec.activeDeadlineSeconds';
  if (before === undefined) return [];
  if (after === undefined) return [invalidValue(field, after, 'must not update from a positive integer to nil value')];
  return after > before ? [invalidValue(field, after, 'must be less than or equal to previous value')] : [];
}

/** What a pod tolerates may grow; how long may change (validateOnlyAddedTolerations). */
function keepsTolerations(next: PodSpec, current: PodSpec): FieldError[] {
  const bare = ({ tolerationSeconds: _seconds, ...toleration }: NonNullable<PodSpec['tolerations']>[number]) =>
    toleration;
  const after = (next.tolerations ?? []).map(bare);
  const lost = (current.tolerations ?? [])
    .map(bare)
    .some((old) => !after.some((toleration) => sameJson(toleration, old)));
  return lost
    ? [forbiddenField('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
    : [];
}

/** A pod that has no node yet gets one; anything else is as in any update. */
const assigned = (next: PodSpec, current: PodSpec): PodSpec =>
  !current.nodeName && next.nodeName ? { ...current, nodeName: next.nodeName } : current;

/** kubernetes pkg/apis/core/validation/validation.go ValidatePodUpdate; the `binding` endpoint may also choose the node. */
export function validatePodUpdate(nextPod: Pod, currentPod: Pod, subresource: string | undefined): FieldError[] {
  const next = nextPod.spec!;
  if (subresource === 'ephemeralcontainers') return keepsEphemeralContainers(next, currentPod.spec!);
  if (subresource === 'resize') return validatePodResize(next, currentPod.spec!);
  const current = subresource === 'binding' ? assigned(next, currentPod.spec!) : currentPod.spec!;
  for (const list of ['containers', 'initContainers'] as const) {
    if (next[list]?.length !== current[list]?.length) {
      return [forbiddenField(`spec.${list}`, 'pod updates may not add or remove containers')];
    }
  }
  const illegal = changedPaths(withoutLegalChanges(next, current), current, 'spec');
  return [
    ...shortensDeadline(next, current),
    ...keepsTolerations(next, current),
    ...(illegal.length > 0 ? [forbiddenField('spec', `${immutable}\nchanged: ${illegal.join(', ')}`)] : []),
  ];
}
