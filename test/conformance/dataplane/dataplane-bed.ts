import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { PlannedPort } from '../../../src/domain/network/service-dataplane.ts';
import { OutsideMachine } from './outside-machine.ts';
import { askWith, PEER, peerIn, type Place } from './place.ts';

const exec = promisify(execFile);
const IMAGE = 'docker.io/library/busybox:1.35';

export type Engine = 'docker' | 'podman';

/** Two pods on an engine's network, the host, and a machine outside: all that a Service can be reached from. */
export class DataplaneBed {
  readonly engine: Engine;
  readonly bridge: string;
  readonly subnet: string;
  readonly serviceCidr: string;
  readonly host: Place = [];
  readonly pods: { ip: string; place: Place }[] = [];
  readonly outside: OutsideMachine;
  /** A container on the engine's default network. */
  stranger: Place = [];
  readonly #name: string;
  readonly #running: ChildProcessByStdio<Writable, Readable, null>[] = [];

  constructor(engine: Engine, number: number) {
    this.engine = engine;
    this.#name = `nw-${engine}`;
    this.bridge = `nw-${engine}0`;
    this.subnet = `10.24${number}.1.0/24`;
    this.serviceCidr = `10.24${number}.2.0/24`;
    this.outside = new OutsideMachine(this.#name, `10.24${number}.3`);
  }

  async open(): Promise<void> {
    await this.close();
    const named =
      this.engine === 'docker'
        ? ['-o', `com.docker.network.bridge.name=${this.bridge}`]
        : ['--interface-name', this.bridge];
    if (this.engine === 'docker')
      await exec('docker', ['network', 'create', '--subnet', this.subnet, ...named, this.#name]);
    else await podmanNetwork(this.#name, this.bridge, this.subnet);
    for (const number of [1, 2]) await this.addPod(number);
    this.stranger = await this.#run('stranger');
    await this.outside.open();
  }

  async close(): Promise<void> {
    for (const child of this.#running.splice(0)) child.kill();
    for (const what of ['1', '2', '3', 'stranger'])
      await exec(this.engine, ['rm', '-f', `${this.#name}-${what}`]).catch(() => undefined);
    await exec(this.engine, ['network', 'rm', this.#name]).catch(() => undefined);
    await this.outside.close();
  }

  ask(from: Place, protocol: 'tcp' | 'udp', address: string, port: number, times = 1): Promise<string[]> {
    return askWith(peerIn(from), protocol, address, port, times);
  }

  /** Answers its name and who asks; resolves when it listens. */
  async serve(place: Place, name: string, port: number, address = '0.0.0.0'): Promise<void> {
    const lines = createInterface(this.#start(place, ['serve', name, address, String(port)]).stdout);
    await once(lines, 'line', { signal: AbortSignal.timeout(60_000) });
  }

  /** A client that keeps one UDP socket: each call sends once more and answers what comes back. */
  udpClient(place: Place, address: string, port: number): () => Promise<string> {
    const child = this.#start(place, ['keep', address, String(port)]);
    const lines = createInterface(child.stdout);
    return async () => {
      const answer = once(lines, 'line', { signal: AbortSignal.timeout(30_000) });
      child.stdin.write('\n');
      return String((await answer)[0]);
    };
  }

  port(fields: Partial<PlannedPort>, ...pods: readonly number[]): PlannedPort {
    const endpoints = pods.map((number) => ({ ip: this.pods[number]!.ip, port: 8080 }));
    return {
      name: 'default/web:80',
      protocol: 'tcp',
      clusterIP: this.vip(10),
      port: 80,
      keepsClientAddress: false,
      target: { kind: 'endpoints', endpoints },
      ...fields,
    };
  }

  vip(last: number): string {
    return this.serviceCidr.replace('.0/24', `.${last}`);
  }

  #start(place: Place, args: readonly string[]) {
    const [program, ...rest] = [...place, process.execPath, PEER, ...args];
    const child = spawn(program!, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#running.push(child);
    return child;
  }

  /** Numbers from 1; the pod is the one before in `pods`. */
  async addPod(number: number): Promise<void> {
    const ip = this.subnet.replace('.0/24', `.${number + 1}`);
    const place = await this.#run(String(number), '--network', this.#name, '--ip', ip);
    this.pods.push({ ip, place });
    await this.serve(place, `pod-${number}`, 8080);
  }

  async #run(what: string, ...options: string[]): Promise<Place> {
    const name = `${this.#name}-${what}`;
    await exec(this.engine, ['run', '-d', '--name', name, ...options, IMAGE, 'sleep', '3600']);
    const { stdout } = await exec(this.engine, ['inspect', '-f', '{{.State.Pid}}', name]);
    return ['nsenter', '-t', stdout.trim(), '-n'];
  }
}

/** `podman network create` of 4.3 cannot name the bridge; the API can. */
async function podmanNetwork(name: string, bridge: string, subnet: string): Promise<void> {
  const gateway = subnet.replace('.0/24', '.1');
  const body = { name, driver: 'bridge', network_interface: bridge, subnets: [{ subnet, gateway }] };
  const socket = ['--unix-socket', '/run/podman/podman.sock'];
  const request = ['-sSf', '-H', 'Content-Type: application/json', '-d', JSON.stringify(body)];
  await exec('curl', [...socket, ...request, 'http://d/v4.0.0/libpod/networks/create']);
}
