import type { Clock } from '../../meta/clock.ts';
import type { Pod } from '../../meta/types.ts';
import type { ServiceAccountTokenRequest } from './volume-sources.ts';

export type MintedToken = { token: string; expiresAt: Date };

/** Undefined while the pod's service account does not exist. */
export type MintToken = (pod: Pod, request: ServiceAccountTokenRequest) => MintedToken | undefined;

type Kept = { token: string; renewAt: number };

/**
 * The service account tokens in pods' files. One is minted when it is first needed and again when four fifths of its life are over
 * (kubernetes pkg/kubelet/token/token_manager.go), so that looking at a volume does not rewrite it.
 */
export class PodTokens {
  readonly #mint: MintToken;
  readonly #clock: Clock;
  readonly #byPod = new Map<string, Map<string, Kept>>();

  constructor(mint: MintToken, clock: Clock) {
    this.#mint = mint;
    this.#clock = clock;
  }

  get(pod: Pod, request: ServiceAccountTokenRequest): string | undefined {
    const now = this.#clock.now().getTime();
    const kept = this.#byPod.get(pod.metadata?.uid ?? '') ?? new Map<string, Kept>();
    const name = `${request.audience ?? ''}/${request.expirationSeconds}`;
    const present = kept.get(name);
    if (present && present.renewAt > now) return present.token;
    const minted = this.#mint(pod, request);
    if (!minted) return undefined;
    kept.set(name, { token: minted.token, renewAt: now + 0.8 * (minted.expiresAt.getTime() - now) });
    this.#byPod.set(pod.metadata?.uid ?? '', kept);
    return minted.token;
  }

  /** When the first of a pod's tokens must be minted again, in milliseconds since 1970. */
  renewAt(podUid: string): number | undefined {
    const times = [...(this.#byPod.get(podUid)?.values() ?? [])].map(({ renewAt }) => renewAt);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  forget(podUid: string): void {
    this.#byPod.delete(podUid);
  }
}
