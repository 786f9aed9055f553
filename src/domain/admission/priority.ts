import { metaOf } from '../meta/object-key.ts';
import { forbidden } from '../meta/status-error.ts';
import type { PriorityClass } from '../meta/types.ts';
import { pods } from '../resources/pod.ts';
import { priorityClasses } from '../resources/priority-class.ts';
import { groupResource } from '../resources/resource-definition.ts';
import type { AdmissionPlugin, AdmissionRequest, Lister } from './chain.ts';
import { newPodOf } from './pod-creation.ts';

/** One node needs no scheduler, but clients read the fields (kubernetes plugin/pkg/admission/priority). */
export const priority = (): AdmissionPlugin => ({
  name: 'Priority',
  mutate(request, lister) {
    const pod = newPodOf(request);
    if (!pod) return undefined;
    const { priorityClassName = '', priority: given, preemptionPolicy } = pod.spec;
    const refuse = (why: string) => forbidden(groupResource(pods), request.key.name, why);
    const priorityClass = priorityClassName
      ? lister.find(priorityClasses, { namespace: '', name: priorityClassName })
      : globalDefault(lister);
    if (priorityClassName && !priorityClass) throw refuse(`no PriorityClass with name ${priorityClassName} was found`);
    const value = priorityClass?.value ?? 0;
    if (given !== undefined && given !== value) {
      throw refuse(
        `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      );
    }
    const policy = priorityClass?.preemptionPolicy ?? 'PreemptLowerPriority';
    if (priorityClass && preemptionPolicy !== undefined && preemptionPolicy !== policy) {
      throw refuse(
        `the string value of PreemptionPolicy (${preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
      );
    }
    const name = priorityClass ? { priorityClassName: metaOf(priorityClass).name ?? '' } : {};
    return { ...pod, spec: { ...pod.spec, ...name, priority: value, preemptionPolicy: preemptionPolicy ?? policy } };
  },
  validate: (request, lister) => keepOneDefault(request, lister),
});

/** Of several that came to be default side by side, the least. */
const globalDefault = (lister: Lister): PriorityClass | undefined =>
  lister
    .all(priorityClasses)
    .filter((priorityClass) => priorityClass.globalDefault)
    .toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];

function keepOneDefault({ definition, key, object }: AdmissionRequest, lister: Lister): void {
  const isClass = definition.group === priorityClasses.group && definition.kind === priorityClasses.kind;
  if (!isClass || !(object as PriorityClass | undefined)?.globalDefault) return;
  const { name } = metaOf(globalDefault(lister) ?? {});
  if (name === undefined || name === key.name) return;
  throw forbidden(
    groupResource(definition),
    key.name,
    `PriorityClass ${name} is already marked as default. Only one default can exist`,
  );
}
