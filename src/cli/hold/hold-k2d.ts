import type { Config } from '../../config.ts';
import type { ContainerRuntime } from '../../domain/container-runtime/container-runtime.ts';
import { apiOf } from '../ask-api.ts';
import { holdInside, servesInside } from './hold-inside.ts';
import { label } from '../../domain/kubelet/pod/pod-identity.ts';

/** k2d's server stands still for as long as a command changes what it works with. */
export type Hold = {
  /** It serves again, from what is on disk then; false where it did not before. */
  release(): Promise<boolean>;
  /** Its container goes away. */
  remove(): Promise<void>;
};

const STOP_SECONDS = 10;

/**
 * In k2d's own container the server makes way by itself; elsewhere its container is stopped. Where there is none, there is nothing to hold. Throws
 * when a server runs that is no container's.
 */
export async function holdK2d(config: Config, engine: ContainerRuntime): Promise<Hold> {
  if (await servesInside()) return holdInside();
  const container = await engine.containers.status(config.instance);
  if (!container) {
    if (await answers(config)) throw new Error('k2d runs here, and not as a container: end it first');
    return { release: async () => false, remove: async () => undefined };
  }
  if (container.labels[label.instance] !== config.instance)
    throw new Error(`the container ${config.instance} is not k2d's`);
  const ran = container.state.kind === 'running';
  await engine.containers.stop(container.id, STOP_SECONDS);
  return {
    release: async () => {
      if (ran) await engine.containers.start(container.id);
      return ran;
    },
    remove: () => engine.containers.remove(container.id),
  };
}

const answers = (config: Config): Promise<boolean> =>
  apiOf(config)
    .then((ask) => ask('/livez'))
    .then(
      () => true,
      () => false,
    );
