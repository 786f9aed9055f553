import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerRuntime } from '../../container-runtime/container-runtime.ts';
import type { RuntimeEvent } from '../../container-runtime/runtime-event.ts';
import type { Logger } from '../../meta/logger.ts';

export type PlegListener = {
  /** The engine can be listed now; whatever happened before is in the list. How runs ended that others follow is told by events. */
  relist(): Promise<void>;
  event(event: RuntimeEvent): void;
  /** The engine does not answer. */
  disconnected(): void;
};

const firstPause = 250;
const longestPause = 30_000;
/** Milliseconds that the engine may take to answer again: one that ends a stream is not gone. Podman 4 ends all of them whenever its log of events is full. */
const patience = 2000;

/**
 * Pod lifecycle event generator (kubernetes pkg/kubelet/pleg): hears what the engine does, for as long as the signal allows. After
 * every break it lists again, since an engine replays only its last events, if any.
 */
export async function runPleg(
  runtime: Pick<ContainerRuntime, 'events'>,
  listener: PlegListener,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  let pause = firstPause;
  let heardUntil: Date | undefined;
  let missing: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', () => clearTimeout(missing), { once: true });
  while (!signal.aborted) {
    const now = new Date();
    // A clock that was set back: an engine that is asked for what comes after a moment tells nothing until then.
    const since = heardUntil && heardUntil < now ? heardUntil : undefined;
    try {
      for await (const event of runtime.events(signal, since)) {
        if (event.action === 'connected') {
          heardUntil = since ?? now;
          await listener.relist();
          clearTimeout(missing);
          missing = undefined;
          pause = firstPause;
        } else {
          heardUntil = event.time;
          listener.event(event);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ error }, 'lost the engine; will connect again');
    }
    if (signal.aborted) return;
    missing ??= setTimeout(() => listener.disconnected(), patience);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(longestPause, pause * 2);
  }
}
