import type { KubernetesObject } from '../meta/types.ts';
import type { AdmissionRequest, Lister } from './chain.ts';

type Reservation = Pick<AdmissionRequest, 'definition' | 'key'> & {
  before: KubernetesObject | undefined;
  after: KubernetesObject;
};

/**
 * Writes that were allowed and are not stored yet, so that two at once cannot both take the last place. One counts until its object is
 * as it was written, and no longer than the write takes.
 */
export class QuotaReservations {
  readonly #held = new Set<Reservation>();

  hold({ definition, key, whenSettled }: AdmissionRequest, after: KubernetesObject, lister: Lister): void {
    const reservation = { definition, key, before: lister.find(definition, key), after };
    this.#held.add(reservation);
    whenSettled(() => this.#held.delete(reservation));
  }

  /** The resource's objects of the namespace as they will be when everything allowed is stored. */
  objects({ definition, key: { namespace } }: AdmissionRequest, lister: Lister): KubernetesObject[] {
    const pending = [...this.#held].filter(
      (held) =>
        held.definition === definition &&
        held.key.namespace === namespace &&
        lister.find(definition, held.key) === held.before,
    );
    const replaced = new Set(pending.map(({ before }) => before));
    const stored = lister.all(definition, namespace).filter((object) => !replaced.has(object));
    return [...stored, ...pending.map(({ after }) => after)];
  }
}
