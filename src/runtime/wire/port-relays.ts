import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ExecSession, ExecSpec } from '../../domain/container-runtime/process.ts';
import { dialCommand, dialled } from './dialled.ts';

/** Of the adapter's own containers that port-forward needs: they are nobody's workload. */
export const RELAY_LABEL = 'k2d.io/relay';

/** What the relay itself runs: it lasts until its input ends, which is when k2d ends the connection to it, or is killed. */
export const RELAY_COMMAND = ['busybox', 'cat'] as const;

/** The next connection of a page comes within seconds. */
const LINGER_MS = 5000;

/** What relays need of an engine. */
export type RelayEngine = {
  /** Names the network that the container has now: another one after a restart. NotFound, Conflict while it does not run. */
  networkOf(containerId: string): Promise<string>;
  /** Runs RELAY_COMMAND in the container's network, removed by the engine when it ends. `input` is its first process's. */
  join(containerId: string): Promise<{ id: string; input: Socket }>;
  exec(id: string, spec: ExecSpec, signal: AbortSignal): Promise<ExecSession>;
};

type Relay = { ready: Promise<{ id: string; input: Socket }>; users: number; timer?: NodeJS.Timeout };

/**
 * k2d has no way into the network of a pod, and what is in a pod's own image nobody knows: so a container of k2d's own image joins it, one a pod,
 * while connections need it. A connection is a process in there. On Docker that is 2.5 MB for the first connection (the shim of a container), and
 * 0.2 MB for each; a container for each would be 2.5 MB every time.
 */
export class PortRelays {
  readonly #engine: RelayEngine;
  readonly #relays = new Map<string, Relay>();

  constructor(engine: RelayEngine) {
    this.#engine = engine;
  }

  async connect(containerId: string, port: number, signal: AbortSignal): Promise<Duplex> {
    const network = await this.#engine.networkOf(containerId);
    const relay = this.#relays.get(network) ?? this.#open(network, containerId);
    const leave = this.#use(network, relay);
    const end = new AbortController();
    try {
      const { id } = await relay.ready;
      const spec = { command: dialCommand(port), tty: false, stdin: true };
      const session = await this.#engine.exec(id, spec, AbortSignal.any([signal, end.signal]));
      const connection = await dialled(session, port, signal);
      connection.once('close', () => {
        end.abort();
        leave();
      });
      return connection;
    } catch (error) {
      end.abort();
      leave();
      throw error;
    }
  }

  #open(network: string, containerId: string): Relay {
    const relay: Relay = { ready: this.#engine.join(containerId), users: 0 };
    const forget = () => this.#forget(network, relay);
    this.#relays.set(network, relay);
    relay.ready.then(({ input }) => {
      input.once('close', forget).on('error', () => undefined);
      input.resume();
    }, forget);
    return relay;
  }

  #forget(network: string, relay: Relay): void {
    if (this.#relays.get(network) === relay) this.#relays.delete(network);
  }

  /** Returns what to call once it is used no more. */
  #use(network: string, relay: Relay): () => void {
    clearTimeout(relay.timer);
    relay.users += 1;
    return () => {
      relay.users -= 1;
      if (relay.users > 0) return;
      const end = () => {
        this.#forget(network, relay);
        relay.ready.then(({ input }) => input.destroy()).catch(() => undefined);
      };
      relay.timer = setTimeout(end, LINGER_MS).unref();
    };
  }
}
