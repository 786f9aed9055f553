import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Follower } from './follower.ts';
import { kubectlBinary, type KubectlVersion } from './kubectl-binary.ts';

export type KubectlOptions = {
  kubeconfig: string;
  /** Where kubectl keeps what it discovered: a folder of the cluster's own, for another may answer on the same port later. */
  cacheDirectory: string;
  version?: KubectlVersion;
  namespace?: string;
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
    // Whoever reads no input closes the pipe; what it prints says why.
    child.stdin.on('error', () => undefined).end(asText(input.input));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code, signal] = (await exit) as [number | null, string | null];
    if (code === null) throw new Error(`kubectl ${wordsOf(command).join(' ')} ended by ${signal}: ${stderr}${stdout}`);
    return { code, stdout, stderr };
  }

  apply(...objects: readonly object[]): Promise<string> {
    return this.run('apply -f -', { input: objects });
  }

  async get<T = KubernetesObject>(what: string): Promise<T> {
    return JSON.parse(await this.run(`get ${what} -o json`)) as T;
  }

  /** A command whose words matter while it runs, or that goes on until it is stopped: `get -w`, `logs -f`. */
  follow(command: string, input: Input = {}): Follower {
    const child = this.#spawn(command, { timeoutMs: 120_000, ...input });
    child.stdin.on('error', () => undefined).end(asText(input.input));
    return new Follower(child);
  }

  #spawn(command: string | readonly string[], { env, timeoutMs = 60_000 }: Input) {
    const { version = '1.35', namespace, kubeconfig, cacheDirectory } = this.#options;
    const flags = ['--kubeconfig', kubeconfig, ...(namespace === undefined ? [] : ['--namespace', namespace])];
    return spawn(kubectlBinary(version), [...flags, ...wordsOf(command)], {
      env: { ...process.env, KUBECACHEDIR: cacheDirectory, ...env },
      timeout: timeoutMs,
    });
  }
}

/** As much of an answer as the scenarios look at. */
export type KubernetesObject = {
  metadata: { name: string; uid: string; annotations?: Record<string, string>; labels?: Record<string, string> };
  items: KubernetesObject[];
  [field: string]: unknown;
};

const wordsOf = (command: string | readonly string[]): readonly string[] =>
  typeof command === 'string' ? command.split(' ') : command;

const asText = (input: Input['input'] = ''): string =>
  typeof input === 'string' ? input : input.map((object) => JSON.stringify(object)).join('\n---\n');
