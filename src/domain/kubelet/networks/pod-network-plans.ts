import { metaOf, type ObjectKey } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import { cniConfig } from '../../resources/cni-config.ts';
import type { NetworkAttachmentDefinition } from '../../resources/network-attachment-definition.ts';
import { networksAnnotation, networkSelections, type NetworkSelection } from '../../resources/network-selection.ts';
import { attachmentPlan, refused, type AttachmentPlan, type Refused } from './attachment-plan.ts';

export type FindDefinition = (key: ObjectKey) => NetworkAttachmentDefinition | undefined;

export type PlannedAttachment = AttachmentPlan & { selection: NetworkSelection };

/** `namespace/name` of the definition. */
export const nameOf = ({ namespace, name }: NetworkSelection): string => `${namespace}/${name}`;

type Context = { definition: FindDefinition; instance: string };

/** All that a pod asks for beside its own network, or the first thing that it cannot have. On the host's network nothing is added, as in Kubernetes. */
export function plansOf(pod: Pod, context: Context): PlannedAttachment[] | Refused {
  const { namespace = '', annotations } = metaOf(pod);
  if (pod.spec?.hostNetwork) return [];
  const asked = networkSelections(annotations?.[networksAnnotation], namespace);
  if (asked.kind === 'malformed') return refused(`annotation ${networksAnnotation}: ${asked.message}`);
  const plans: PlannedAttachment[] = [];
  for (const selection of asked.selections) {
    const plan = planOf(selection, context);
    if (plan.kind === 'refused') return refused(`network ${nameOf(selection)}: ${plan.message}`);
    if (plans.some(({ network }) => network.name === plan.network.name))
      return refused(`network ${nameOf(selection)}: it would be joined twice`);
    plans.push({ ...plan, selection });
  }
  return plans;
}

function planOf(
  selection: NetworkSelection,
  { definition, instance }: Context,
): ({ kind: 'plan' } & AttachmentPlan) | Refused {
  const found = definition(selection);
  if (!found) return refused('there is no such NetworkAttachmentDefinition');
  const read = cniConfig(found.spec?.config);
  if (read.kind === 'malformed') return refused(`its configuration is malformed: ${read.message}`);
  if (read.kind === 'unsupported') return refused(`k2d cannot carry out ${read.message}`);
  const [other] = selection.others;
  if (other !== undefined) return refused(`k2d cannot carry out ${other}`);
  return attachmentPlan(selection, read.config, instance);
}
