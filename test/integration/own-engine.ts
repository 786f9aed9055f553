import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { eventually } from '../conformance/runtime/eventually.ts';
import { engineCli } from './engine-cli.ts';
import type { TestEngine } from './engines.ts';
import { BUSYBOX } from './pods.ts';

export type OwnEngineOptions = {
  /** Docker leaves its containers running when it ends, as Podman always does. */
  readonly liveRestore?: boolean;
};

/**
 * A second engine beside the one that all scenarios share, for those that stop it: with folders of its own, and
 * Docker in a network of its own. It holds busybox.
 */
export class OwnEngine {
  readonly engine: TestEngine;
  readonly #folder: string;
  readonly #command: readonly string[];
  /** Is there before Docker and after it, as a machine's network is. */
  #network: ChildProcess | undefined;
  #process: ChildProcess | undefined;

  constructor(kind: TestEngine['kind'], name: string, { liveRestore = false }: OwnEngineOptions = {}) {
    const folder = join('/var/lib/k2d-test', name);
    const socket = join(folder, 'engine.sock');
    const own = (part: string) => join(folder, part);
    this.#folder = folder;
    if (kind === 'docker') {
      const folders = ['--data-root', own('data'), '--exec-root', own('exec'), '--pidfile', own('pid')];
      this.#command = ['dockerd', '--host', `unix://${socket}`, ...folders, ...(liveRestore ? ['--live-restore'] : [])];
      this.engine = { kind, socket, cli: ['docker', '--host', `unix://${socket}`] };
    } else {
      const folders = ['--root', own('data'), '--runroot', own('exec'), '--tmpdir', own('tmp')];
      const global = [...folders, '--network-config-dir', own('networks')];
      this.#command = ['podman', ...global, 'system', 'service', '--time=0', `unix://${socket}`];
      this.engine = { kind, socket, cli: ['podman', '--remote', '--url', `unix://${socket}`] };
    }
  }

  /** Answers when the engine does. */
  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const [program = '', ...args] = [...this.#place(), ...this.#command];
    const started = spawn(program, args, { stdio: 'ignore', detached: true, cwd: this.#folder });
    this.#process = started;
    await eventually(
      'the engine answers',
      async () => ((await answers(this.engine.socket)) ? true : undefined),
      120_000,
    );
  }

  /** In a network of its own: a dockerd without a default bridge deletes `docker0` when it starts, whoever's that is, and one with it takes it. */
  #place(): string[] {
    if (this.engine.kind === 'podman') return [];
    this.#network ??= spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore', detached: true });
    const waits = `until [ "$(readlink /proc/${this.#network.pid}/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done`;
    const enters = `exec nsenter --net=/proc/${this.#network.pid}/ns/net sh -c 'ip link set lo up && exec "$@"' sh "$@"`;
    return ['sh', '-c', `${waits}; ${enters}`, 'sh'];
  }

  /** As an update of the engine's package or a `systemctl restart` does it. */
  async stop(): Promise<void> {
    const running = this.#process;
    if (!running || hasEnded(running)) return;
    const ended = new Promise((resolve) => void running.once('exit', resolve));
    running.kill('SIGTERM');
    await ended;
  }

  /** From the engine that all share. */
  async takeBusybox(from: TestEngine): Promise<void> {
    const archive = join(this.#folder, 'busybox.tar');
    await engineCli(from, 'save', '-o', archive, BUSYBOX);
    await engineCli(this.engine, 'load', '-i', archive);
  }

  async dispose(): Promise<void> {
    if (this.#process && !hasEnded(this.#process)) {
      const ids = (await engineCli(this.engine, 'ps', '-aq')).split('\n').filter((id) => id !== '');
      if (ids.length > 0) await engineCli(this.engine, 'rm', '-f', '-v', ...ids);
    }
    await this.stop();
    this.#network?.kill();
    // Podman binds its storage to itself, and leaves it so.
    for (const name of ['data/overlay', 'data']) {
      spawnSync('umount', [join(this.#folder, name)], { stdio: 'ignore' });
    }
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

/** One that a signal ended has no exit code. */
export const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

const answers = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const ask = request({ socketPath, path: '/_ping', timeout: 2000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    ask.once('error', () => resolve(false));
    ask.once('timeout', () => ask.destroy(new Error('no answer')));
    ask.end();
  });
