import { fromLabelSelector, matches, type Labels } from '../meta/label-selector.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Pod } from '../meta/types.ts';
import type { Neighbourhood } from './neighbourhood.ts';

const mismatch = "node(s) didn't match pod topology spread constraints";

/**
 * Why the node would make the spread too uneven; undefined when it does not (kubernetes pkg/scheduler/framework/plugins/podtopologyspread).
 * The one domain is also the emptiest, so only a demand for more domains than one can fail.
 */
export function unevenness(pod: Pod, nodeLabels: Labels, { pods }: Neighbourhood): string | undefined {
  const { namespace, labels = {} } = metaOf(pod);
  for (const constraint of pod.spec?.topologySpreadConstraints ?? []) {
    if (constraint.whenUnsatisfiable !== 'DoNotSchedule') continue;
    if (!Object.hasOwn(nodeLabels, constraint.topologyKey)) return `${mismatch} (missing required label)`;
    if ((constraint.minDomains ?? 1) <= 1) continue;
    const selector = fromLabelSelector(constraint.labelSelector) ?? [{ key: '', operator: 'exists', values: [] }];
    const alike = pods.filter(
      (other) => metaOf(other).namespace === namespace && matches(selector, metaOf(other).labels),
    );
    if (alike.length + (matches(selector, labels) ? 1 : 0) > constraint.maxSkew) return mismatch;
  }
  return undefined;
}
