import type { ContainerRuntime } from '../domain/container-runtime/container-runtime.ts';
import { RuntimeError, type RuntimeErrorCode } from '../domain/container-runtime/runtime-error.ts';

/** Every verb of the port as the kubelet's metrics call it (kubernetes pkg/kubelet/kuberuntime/instrumented_services.go); in like manner what CRI lacks. */
const operations = {
  sandboxes: {
    run: 'run_podsandbox',
    stop: 'stop_podsandbox',
    remove: 'remove_podsandbox',
    status: 'podsandbox_status',
    list: 'list_podsandbox',
    portForward: 'port_forward',
  },
  containers: {
    create: 'create_container',
    start: 'start_container',
    stop: 'stop_container',
    restart: 'restart_container',
    remove: 'remove_container',
    list: 'list_containers',
    status: 'container_status',
    logs: 'container_logs',
    exec: 'exec',
    attach: 'attach',
    update: 'update_container',
    stats: 'list_container_stats',
  },
  images: {
    status: 'image_status',
    list: 'list_images',
    pull: 'pull_image',
    load: 'load_image',
    remove: 'remove_image',
  },
  volumes: { create: 'create_volume', remove: 'remove_volume', status: 'volume_status', list: 'list_volumes' },
  networks: {
    create: 'create_network',
    createSecondary: 'create_secondary_network',
    status: 'network_status',
    list: 'list_networks',
    remove: 'remove_network',
  },
} as const;

const watchEvents = 'get_container_events';

/** They last as long as their reader likes, which says nothing of the engine. */
const lasting: ReadonlySet<string> = new Set([operations.containers.logs, watchEvents]);

/** Hears of each call of the engine that has ended; `code` is why it failed. Of exec, attach and port_forward the time until the streams are open. */
export type ObserveOperation = (operation: string, seconds: number | undefined, code?: RuntimeErrorCode) => void;

/** The same runtime, whose calls are told of. */
export function measuredRuntime(runtime: ContainerRuntime, observe: ObserveOperation): ContainerRuntime {
  return {
    sandboxes: measuredPart(runtime.sandboxes, operations.sandboxes, observe),
    containers: measuredPart(runtime.containers, operations.containers, observe),
    images: measuredPart(runtime.images, operations.images, observe),
    volumes: measuredPart(runtime.volumes, operations.volumes, observe),
    networks: measuredPart(runtime.networks, operations.networks, observe),
    events: (signal, since) => iterate(watchEvents, runtime.events(signal, since), observe),
    info: () => settle('status', runtime.info(), observe),
  };
}

type Verb = (...args: readonly unknown[]) => Promise<unknown> | AsyncIterable<unknown>;

function measuredPart<T extends object>(part: T, names: Record<keyof T, string>, observe: ObserveOperation): T {
  const verbs = Object.entries<string>(names).map(([verb, operation]) => {
    const measured: Verb = (...args) => {
      const answer = (part as Record<string, Verb>)[verb]!(...args);
      return Symbol.asyncIterator in answer ? iterate(operation, answer, observe) : settle(operation, answer, observe);
    };
    return [verb, measured];
  });
  return Object.fromEntries(verbs) as T;
}

async function settle<T>(operation: string, answer: Promise<T>, observe: ObserveOperation): Promise<T> {
  const end = begin(operation, observe);
  try {
    const given = await answer;
    end();
    return given;
  } catch (error) {
    end(codeOf(error));
    throw error;
  }
}

async function* iterate<T>(operation: string, answer: AsyncIterable<T>, observe: ObserveOperation): AsyncGenerator<T> {
  const end = begin(operation, observe);
  let code: RuntimeErrorCode | undefined;
  try {
    yield* answer;
  } catch (error) {
    code = codeOf(error);
    throw error;
  } finally {
    end(code);
  }
}

function begin(operation: string, observe: ObserveOperation): (code?: RuntimeErrorCode) => void {
  const start = performance.now();
  return (code) => {
    const seconds = lasting.has(operation) ? undefined : (performance.now() - start) / 1000;
    observe(operation, seconds, code);
  };
}

const codeOf = (error: unknown): RuntimeErrorCode => (error instanceof RuntimeError ? error.code : 'Internal');
