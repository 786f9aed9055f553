import { metaOf } from '../domain/meta/object-key.ts';
import { badRequest } from '../domain/meta/status-error.ts';
import type { Pod } from '../domain/meta/types.ts';

const namesOf = (containers: readonly { name: string }[] | undefined): string[] =>
  (containers ?? []).map(({ name }) => name);

/** The container that a request means; throws 400 for none of the pod's, and for no name when there are several (kubernetes pkg/registry/core/pod/strategy.go). */
export function containerNamed(pod: Pod, wanted: string): string {
  const { name = '' } = metaOf(pod);
  const regular = namesOf(pod.spec?.containers);
  const init = namesOf(pod.spec?.initContainers);
  const ephemeral = namesOf(pod.spec?.ephemeralContainers);
  if (wanted === '' && regular.length === 1) return regular[0]!;
  if (wanted === '') {
    const others = init.length === 0 ? '' : ` or one of the init containers: [${init.join(' ')}]`;
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${regular.join(' ')}]${others}`,
    );
  }
  if ([...regular, ...init, ...ephemeral].includes(wanted)) return wanted;
  throw badRequest(`container ${wanted} is not valid for pod ${name}`);
}
