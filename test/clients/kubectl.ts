import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Place } from '../conformance/dataplane/place.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { Follower } from './follower.ts';
import { kubectlBinary, type KubectlVersion } from './kubectl-binary.ts';

export type KubectlOptions = {
  kubeconfig: string;
  /** Where kubectl keeps what it discovered: a folder of the cluster's own, for another may answer on the same port later. */
  cacheDirectory: string;
  version?: KubectlVersion;
  namespace?: string;
  /** Where it is started; on this machine unless told otherwise. */
  place?: Place;
  /** Its switches. */
  env?: Readonly<Record<string, string>>;
};

export type KubectlResult = { code: number; stdout: string; stderr: string };

type Input = {
  /** Standard input: manifests for `-f -`. */
  input?: string | readonly object[];
  env?: Readonly<Record<string, string>>;
  timeoutMs?: number;
};

/** A real kubectl as a black box. Commands are split at spaces; words with spaces come as a list. */
export class Kubectl {
  readonly #options: KubectlOptions;

  constructor(options: KubectlOptions) {
    this.#options = options;
  }

  at(version: KubectlVersion): Kubectl {
    return new Kubectl({ ...this.#options, version });
  }

  in(namespace: string): Kubectl {
    return new Kubectl({ ...this.#options, namespace });
  }

  from(place: Place): Kubectl {
    return new Kubectl({ ...this.#options, place });
  }

  /** With switches in its environment. */
  switched(env: Readonly<Record<string, string>>): Kubectl {
    return new Kubectl({ ...this.#options, env });
  }

  /** With other credentials, or for another cluster. */
  with(kubeconfig: string): Kubectl {
    return new Kubectl({ ...this.#options, kubeconfig });
  }

  /** What it prints. Throws with its words when it does not end with 0. */
  async run(command: string | readonly string[], input: Input = {}): Promise<string> {
    const { code, stdout, stderr } = await this.attempt(command, input);
    if (code !== 0) throw new Error(`kubectl ${wordsOf(command).join(' ')} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  async attempt(command: string | readonly string[], input: Input = {}): Promise<KubectlResult> {
    const child = this.#spawn(command, input);
    const exit = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code, signal] = (await exit) as [number | null, string | null];
    if (code === null) throw new Error(`kubectl ${wordsOf(command).join(' ')} ended by ${signal}: ${stderr}${stdout}`);
    return { code, stdout, stderr };
  }

  /** What it prints once it has the text: for what is told beside the deed and not with it, as events and logs are. */
  async until(command: string | readonly string[], text: string | RegExp): Promise<string> {
    let printed = '';
    const look = async () => {
      printed = (await this.attempt(command)).stdout;
      return (typeof text === 'string' ? printed.includes(text) : text.test(printed)) ? printed : undefined;
    };
    return eventually(`kubectl ${wordsOf(command).join(' ')} prints ${String(text)}`, look).catch((error: unknown) => {
      throw new Error(`${String(error)}, but ${printed}`, { cause: error });
    });
  }

  apply(...objects: readonly object[]): Promise<string> {
    return this.run('apply -f -', { input: objects });
  }

  /** A command whose words matter while it runs, or that goes on until it is stopped: `get -w`, `logs -f`. */
  follow(command: string | readonly string[], input: Input = {}): Follower {
    return new Follower(this.#spawn(command, { timeoutMs: 200_000, ...input }));
  }

  #spawn(command: string | readonly string[], { input, env, timeoutMs = 120_000 }: Input) {
    const { version = '1.35', namespace, kubeconfig, cacheDirectory, place = [], env: switches } = this.#options;
    const flags = ['--kubeconfig', kubeconfig, ...(namespace === undefined ? [] : ['--namespace', namespace])];
    const [program = '', ...args] = [...place, kubectlBinary(version), ...flags, ...wordsOf(command)];
    const child = spawn(program, args, {
      env: { ...process.env, KUBECACHEDIR: cacheDirectory, ...switches, ...env },
      timeout: timeoutMs,
    });
    // Whoever reads no input closes the pipe; what it prints says why.
    child.stdin.on('error', () => undefined).end(asText(input));
    return child;
  }
}

const wordsOf = (command: string | readonly string[]): readonly string[] =>
  typeof command === 'string' ? command.split(' ') : command;

const asText = (input: Input['input'] = ''): string =>
  typeof input === 'string' ? input : input.map((object) => JSON.stringify(object)).join('\n');
