import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { helmBinary, type HelmVersion } from './kubectl-binary.ts';

const run = promisify(execFile);

export type HelmOptions = {
  version: HelmVersion;
  kubeconfig: string;
  namespace: string;
  /** Where it keeps what it discovered, and would keep repositories. */
  home: string;
};

export type HelmResult = { code: number; stdout: string; stderr: string };

/** A real Helm as a black box. Commands are split at spaces. */
export class Helm {
  readonly version: HelmVersion;
  readonly #flags: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;

  constructor({ version, kubeconfig, namespace, home }: HelmOptions) {
    this.version = version;
    this.#flags = ['--kubeconfig', kubeconfig, '--namespace', namespace];
    this.#environment = { ...process.env, HOME: home, KUBECACHEDIR: home };
  }

  /** What it prints. Throws with its words when it does not end with 0. */
  async run(command: string): Promise<string> {
    const { code, stdout, stderr } = await this.attempt(command);
    if (code !== 0) throw new Error(`helm ${command} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  async attempt(command: string): Promise<HelmResult> {
    const words = [...this.#flags, ...command.split(' ')];
    const options = { env: this.#environment, timeout: 170_000, maxBuffer: 16 << 20 };
    try {
      return { code: 0, ...(await run(helmBinary(this.version), words, options)) };
    } catch (error) {
      const { code, stdout, stderr } = error as HelmResult;
      // Without an exit code it did not come to an end of its own.
      if (typeof code !== 'number') throw error;
      return { code, stdout, stderr };
    }
  }
}
