import { eventually } from '../../conformance/runtime/eventually.ts';
import type { Kubectl } from '../../clients/kubectl.ts';
import type { Pod } from '../../../src/domain/meta/types.ts';
import { engineCli } from '../engine-cli.ts';
import type { TestEngine } from '../engines.ts';

/** A case's pod, as its three witnesses tell of it: the API, the container itself by what it writes, and the engine. */
export class SeenPod {
  readonly name: string;
  readonly engine: TestEngine;
  readonly kubectl: Kubectl;

  constructor(name: string, engine: TestEngine, kubectl: Kubectl) {
    this.name = name;
    this.engine = engine;
    this.kubectl = kubectl;
  }

  async object(): Promise<Pod> {
    return JSON.parse(await this.kubectl.run(['get', 'pod', this.name, '-o', 'json'])) as Pod;
  }

  /** What the container wrote so far, without the last line feed. */
  async log(container = 'main'): Promise<string> {
    return (await this.kubectl.run(['logs', this.name, '-c', container])).trimEnd();
  }

  /** The object, once it satisfies the condition. */
  until(what: string, holds: (pod: Pod) => boolean, withinMs = 90_000): Promise<Pod> {
    const found = async () => {
      const pod = await this.object();
      return holds(pod) ? pod : undefined;
    };
    return eventually(`${this.name} ${what}`, found, withinMs);
  }

  /** The log, once it has the text. */
  untilLog(text: string | RegExp, container = 'main', withinMs = 90_000): Promise<string> {
    const found = async () => {
      const log = await this.log(container).catch(() => '');
      return (typeof text === 'string' ? log.includes(text) : text.test(log)) ? log : undefined;
    };
    return eventually(`${this.name} writes ${String(text)}`, found, withinMs);
  }

  /** What the engine says of the container, in its own words. */
  async inspect(container = 'main'): Promise<Record<string, unknown>> {
    const { status } = await this.object();
    const all = [
      ...(status?.containerStatuses ?? []),
      ...(status?.initContainerStatuses ?? []),
      ...(status?.ephemeralContainerStatuses ?? []),
    ];
    const id = all.find(({ name }) => name === container)?.containerID?.split('://')[1];
    if (id === undefined) throw new Error(`${this.name} has no container ${container}`);
    return (JSON.parse(await engineCli(this.engine, 'inspect', id)) as Record<string, unknown>[])[0]!;
  }

  /** Reasons and messages of its events, in no order. */
  async events(): Promise<string[]> {
    const path = '{range .items[*]}{.reason}: {.message}{"\\n"}{end}';
    const text = await this.kubectl.run([
      'get',
      'events',
      `--field-selector=involvedObject.name=${this.name}`,
      '-o',
      `jsonpath=${path}`,
    ]);
    return text.split('\n').filter((line) => line !== '');
  }

  /** Once there is an event with the text, or one like it. */
  untilEvent(text: string | RegExp, withinMs = 90_000): Promise<string> {
    const isIt = (event: string) => (typeof text === 'string' ? event.includes(text) : text.test(event));
    const found = async () => (await this.events()).find(isIt);
    return eventually(`${this.name} has the event ${String(text)}`, found, withinMs);
  }
}
