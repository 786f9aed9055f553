import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Place } from './place.ts';

const exec = promisify(execFile);

/** A network namespace that knows this host as its router and nothing else: another machine of the plant. */
export class OutsideMachine {
  readonly place: Place;
  /** The host's address on the way to it, and its own. */
  readonly hostAddress: string;
  readonly address: string;
  readonly #name: string;

  /** `name` has at most 13 characters; `subnet` is the first three bytes of a /24 that nothing on this host uses. */
  constructor(name: string, subnet: string) {
    this.#name = name;
    this.place = ['ip', 'netns', 'exec', name];
    this.hostAddress = `${subnet}.1`;
    this.address = `${subnet}.2`;
  }

  async open(): Promise<void> {
    const [here, there] = [`${this.#name}-o`, `${this.#name}-i`];
    const ip = (...args: string[]) => exec('ip', args);
    await ip('netns', 'add', this.#name);
    await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', this.#name);
    await ip('address', 'add', `${this.hostAddress}/24`, 'dev', here);
    await ip('link', 'set', here, 'up');
    await ip('-n', this.#name, 'address', 'add', `${this.address}/24`, 'dev', there);
    await ip('-n', this.#name, 'link', 'set', there, 'up');
    await ip('-n', this.#name, 'route', 'add', 'default', 'via', this.hostAddress);
  }

  async close(): Promise<void> {
    await exec('ip', ['netns', 'del', this.#name]).catch(() => undefined);
    await exec('ip', ['link', 'del', `${this.#name}-o`]).catch(() => undefined);
  }
}
