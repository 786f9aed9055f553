import { metaOf } from '../../meta/object-key.ts';
import type { Container, KubernetesObject, Pod, PodTemplateSpec } from '../../meta/types.ts';
import { serviceAccounts } from '../../resources/service-account.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import { podContainers } from '../pod/container-kinds.ts';
import { mountedImages } from './mounted-images.ts';
import { pullObserver, tellMissingSecrets } from './pull-observer.ts';

/** `retryMs`: ask again then. */
export type AheadState = 'present' | { retryMs: number };

/** How often a pull that is under way is asked after. */
const pollMs = 1000;
/** How often one that nobody may pull: people load it. */
const absentMs = 30_000;
const maxRemembered = 64;

/** Images of pods to come, so that those before them need not stop until they can be followed. */
export class PullAhead {
  readonly #kubelet: Pick<KubeletContext, 'registry' | 'puller' | 'sources' | 'recorder' | 'clock'>;
  /** What is there already, by owner and generation: `Always` pulls once for each. */
  readonly #present = new Map<string, Set<string>>();

  constructor(kubelet: Pick<KubeletContext, 'registry' | 'puller' | 'sources' | 'recorder' | 'clock'>) {
    this.#kubelet = kubelet;
  }

  /** Asks for all images of the template, by their policies; events go to the owner. Answers at once. */
  async ensure(owner: KubernetesObject, template: PodTemplateSpec): Promise<AheadState> {
    const { uid = '', generation = 0 } = metaOf(owner);
    const key = `${uid}/${generation}`;
    const present = this.#presentOf(key);
    const pod = this.#podOf(owner, template);
    const wanted = podContainers(pod).flatMap(({ container }) => [container, ...mountedImages(pod, container)]);
    let [ready, retryMs] = [true, Infinity];
    for (const container of wanted) {
      const isKnown = container.imagePullPolicy === 'Always' && present.has(container.image ?? '');
      const asked: Container = isKnown ? { ...container, imagePullPolicy: 'IfNotPresent' } : container;
      const state = await this.#ensureOne(owner, pod, asked);
      if (state === 'present') present.add(container.image ?? '');
      else [ready, retryMs] = [false, Math.min(retryMs, state.retryMs)];
    }
    return ready ? 'present' : { retryMs };
  }

  #presentOf(key: string): Set<string> {
    const present = this.#present.get(key) ?? new Set();
    this.#present.delete(key);
    this.#present.set(key, present);
    for (const oldest of this.#present.keys()) if (this.#present.size > maxRemembered) this.#present.delete(oldest);
    return present;
  }

  async #ensureOne(owner: KubernetesObject, pod: Pod, container: Container): Promise<AheadState> {
    const { puller, sources, recorder, clock } = this.#kubelet;
    const { image: reference = '', imagePullPolicy: policy = 'IfNotPresent', name } = container;
    const { credentials, missing } = sources.credentials(pod, reference);
    tellMissingSecrets(recorder, owner, missing);
    const asker = `${metaOf(owner).uid}/${name}`;
    const observer = { ...pullObserver(recorder, owner, container), present: () => undefined };
    const state = await puller.ensure({ reference, policy, asker, credentials }, observer, () => undefined);
    if (state.kind === 'present') return 'present';
    if (state.retryAt !== undefined) return { retryMs: Math.max(pollMs, state.retryAt - clock.now().getTime()) };
    return { retryMs: state.waiting.reason === 'ContainerCreating' ? pollMs : absentMs };
  }

  /** Admission gives pods their account's pull secrets; the pods are not made yet. */
  #podOf(owner: KubernetesObject, { spec }: PodTemplateSpec): Pod {
    const { namespace = '' } = metaOf(owner);
    const name = spec?.serviceAccountName ?? 'default';
    const account = this.#kubelet.registry.find(serviceAccounts, { namespace, name });
    const imagePullSecrets = spec?.imagePullSecrets?.length ? spec.imagePullSecrets : account?.imagePullSecrets;
    return {
      metadata: { namespace },
      spec: { containers: [], ...spec, ...(imagePullSecrets ? { imagePullSecrets } : {}) },
    };
  }
}
