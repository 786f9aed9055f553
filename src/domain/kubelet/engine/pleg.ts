import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerRuntime } from '../../container-runtime/container-runtime.ts';
import type { RuntimeEvent } from '../../container-runtime/runtime-event.ts';
import type { Logger } from '../../meta/logger.ts';

export type PlegListener = {
  /** The engine can be listed now; whatever happened before is in the list. */
  relist(): Promise<void>;
  event(event: RuntimeEvent): void;
  /** The engine does not answer. */
  disconnected(): void;
};

const firstPause = 250;
const longestPause = 30_000;

/**
 * Pod lifecycle event generator (kubernetes pkg/kubelet/pleg): hears what the engine does, for as long as the signal allows. After
 * every break it lists again, since an engine replays only its last events, if any.
 */
export async function runPleg(
  runtime: ContainerRuntime,
  listener: PlegListener,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  let pause = firstPause;
  while (!signal.aborted) {
    try {
      for await (const event of runtime.events(signal)) {
        if (event.action === 'connected') {
          await listener.relist();
          pause = firstPause;
        } else {
          listener.event(event);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ error }, 'lost the engine; will connect again');
    }
    if (signal.aborted) return;
    listener.disconnected();
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(longestPause, pause * 2);
  }
}
