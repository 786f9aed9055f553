import type { Networks } from '../../container-runtime/network.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import { firstFree } from '../../meta/ipv4-range.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import { refused, secondaryNetworkLabels, type AttachmentPlan, type Refused } from './attachment-plan.ts';
import { interfaceOf } from './interface-identity.ts';
import { attachmentsOf, type PodAttachment } from './pod-attachment.ts';
import { plansOf, nameOf, type FindDefinition, type PlannedAttachment } from './pod-network-plans.ts';

export type SecondaryNetworksOptions = {
  networks: Networks;
  instance: string;
  /** The capability of that name. */
  interfaceIdentity: boolean;
  definition: FindDefinition;
  /** Those that are to run. */
  pods: () => readonly Pod[];
};

/**
 * The networks that pods join beside their own (NetworkAttachmentDefinition): made when the first pod needs one, removed with the last. A pod keeps its
 * addresses for life; which are taken is known from the engine, so nothing is kept on disk.
 */
export class SecondaryNetworks {
  readonly #options: SecondaryNetworksOptions;
  readonly #byPod = new Map<string, readonly PodAttachment[]>();
  /** The engine's networks are made and removed one at a time, or one pod's could go as another comes. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: SecondaryNetworksOptions) {
    this.#options = options;
  }

  /** A pod that the engine already knows keeps what its containers were made with. */
  adopt(podUid: string, labels: Readonly<Record<string, string>>): void {
    const attachments = attachmentsOf(labels);
    if (attachments) this.#byPod.set(podUid, attachments);
  }

  of(podUid: string): readonly PodAttachment[] {
    return this.#byPod.get(podUid) ?? [];
  }

  /** Its networks exist when this resolves. Throws only when the engine does not answer. */
  async prepare(pod: Pod): Promise<{ kind: 'ready'; attachments: readonly PodAttachment[] } | Refused> {
    const plans = plansOf(pod, this.#options);
    const uid = metaOf(pod).uid ?? '';
    const kept = this.#byPod.get(uid);
    if ('kind' in plans && !kept) return plans;
    const attachments = kept ?? this.#attach(plans as PlannedAttachment[]);
    if ('kind' in attachments) return attachments;
    if (attachments.length === 0) return { kind: 'ready', attachments };
    this.#byPod.set(uid, attachments);
    try {
      const wanted = 'kind' in plans ? [] : plans;
      for (const { network } of wanted)
        if (attachments.some((attachment) => attachment.network === network.name))
          await this.#inTurn(() => this.#ensure(network));
      return { kind: 'ready', attachments };
    } catch (error) {
      // What it has not got yet may be another when its definition has been mended.
      if (!kept) this.#byPod.delete(uid);
      if (!(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
      return { kind: 'refused', message: `cannot make its network: ${error.message}` };
    }
  }

  /** Removes networks that no pod has or wants. */
  async release(podUid: string): Promise<void> {
    if (this.#byPod.delete(podUid)) await this.#inTurn(() => this.#collect());
  }

  #attach(plans: readonly PlannedAttachment[]): PodAttachment[] | Refused {
    const attachments: PodAttachment[] = [];
    for (const [index, { network, addresses, selection }] of plans.entries()) {
      const taken = new Set([network.gateway, ...this.#takenIn(network.name)]);
      const ip = firstFree(addresses, taken);
      const definition = nameOf(selection);
      if (ip === undefined)
        return refused(`network ${definition}: ${addresses.size === 1 ? 'its address' : 'every address'} is taken`);
      const identity = interfaceOf(selection, ip, { index, of: plans.length, ...this.#options });
      if (typeof identity === 'string') return refused(`network ${definition}: ${identity}`);
      attachments.push({ definition, network: network.name, ip, ...identity });
    }
    return attachments;
  }

  #takenIn(network: string): string[] {
    return [...this.#byPod.values()].flat().flatMap((other) => (other.network === network ? [other.ip] : []));
  }

  async #ensure(network: AttachmentPlan['network']): Promise<void> {
    const { networks } = this.#options;
    if (await networks.status(network.name)) return;
    const create = () => networks.createSecondary(network).catch(unless('AlreadyExists'));
    await create().catch(async (error: unknown) => {
      if (!(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
      // One that nobody has any more, made of what a definition said before, may have the link or the addresses.
      await this.#collect();
      await create();
    });
  }

  async #collect(): Promise<void> {
    const { networks, instance } = this.#options;
    const found = await networks.list(secondaryNetworkLabels(instance));
    for (const { name } of found) {
      if (!this.#isWanted(name)) await networks.remove(name).catch(unless('Conflict'));
    }
  }

  #isWanted(network: string): boolean {
    if ([...this.#byPod.values()].flat().some((attachment) => attachment.network === network)) return true;
    return this.#options.pods().some((pod) => {
      const plans = plansOf(pod, this.#options);
      return !('kind' in plans) && plans.some((plan) => plan.network.name === network);
    });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

const unless =
  (code: RuntimeError['code']) =>
  (error: unknown): void => {
    if (!(error instanceof RuntimeError) || error.code !== code) throw error;
  };
