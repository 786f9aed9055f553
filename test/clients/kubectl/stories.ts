import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { engineCli } from '../../integration/engine-cli.ts';
import { kubectlVersions, type KubectlVersion } from '../kubectl-binary.ts';
import type { Kubectl } from '../kubectl.ts';
import { sharedK2d } from './shared-k2d.ts';

/** In every text of a story: the namespace that it runs in. Objects without a namespace are named after it. */
const NAMESPACE = /%ns/g;

/** One command, and what a person sees of it. */
export type Step = {
  /** Split at spaces; words with spaces come as a list. */
  readonly run: string | readonly string[];
  /** Standard output: the whole of it, or what it has to match. */
  readonly prints?: string | RegExp;
  /** Standard error; nothing unless told otherwise. */
  readonly says?: string | RegExp;
  /** The exit code; 0 unless told otherwise. */
  readonly ends?: number;
  /** Manifests for `-f -`. */
  readonly input?: string | readonly object[];
  readonly env?: Readonly<Record<string, string>>;
  /** Asked again until it is so: for what is told beside the deed and not with it, as events and logs are. */
  readonly soon?: true;
  /** The first kubectl that does this. */
  readonly since?: KubectlVersion;
  /** The last kubectl that does this. */
  readonly until?: KubectlVersion;
};

/** Commands that follow each other. Stories of one file share a namespace and run at the same time: each has objects of its own. */
export type Story = Pick<Step, 'since' | 'until'> & { readonly name: string; readonly steps: readonly Step[] };

/** Tells the stories of one area with every kubectl, all at once. `prepare` is applied before, for what many of them only look at. */
export function tell(area: string, stories: readonly Story[], prepare: readonly Step[] = []): void {
  const k2d = sharedK2d();
  describe.concurrent.each(kubectlVersions)(`${area} with kubectl %s`, (version) => {
    const namespace = `${area}-${version.replace('.', '-')}`;
    let kubectl: Kubectl;
    const follow = async (steps: readonly Step[]) => {
      for (const step of steps.filter(isFor(version))) await take(kubectl, named(step, namespace));
    };
    beforeAll(async () => {
      kubectl = (await k2d.namespace(namespace)).at(version);
      await follow(prepare);
    });
    afterEach(async ({ task }) => {
      if (task.result?.state !== 'fail') return;
      console.log(await engineCli(k2d.engine, 'logs', '--tail', '20', k2d.config.instance).catch(String));
    });
    it.each(stories.filter(isFor(version)))('$name', ({ steps }) => follow(steps));
  });
}

const isFor =
  (version: KubectlVersion) =>
  ({ since = version, until = version }: Pick<Step, 'since' | 'until'>): boolean =>
    kubectlVersions.indexOf(since) <= kubectlVersions.indexOf(version) &&
    kubectlVersions.indexOf(version) <= kubectlVersions.indexOf(until);

async function take(
  kubectl: Kubectl,
  { run, prints = /^/, says = '', ends = 0, input, env, soon }: Step,
): Promise<void> {
  const wanted = { code: ends, stdout: matching(prints), stderr: matching(says) };
  const once = async () => {
    const seen = await kubectl.attempt(run, { ...(input && { input }), ...(env && { env }) });
    expect(seen, `kubectl ${typeof run === 'string' ? run : run.join(' ')}`).toEqual(wanted);
  };
  await (soon ? vi.waitFor(once) : once());
}

const matching = (text: string | RegExp): unknown => (typeof text === 'string' ? text : expect.stringMatching(text));

function named(value: Step, namespace: string): Step;
function named(value: unknown, namespace: string): unknown;
function named(value: unknown, namespace: string): unknown {
  if (typeof value === 'string') return value.replace(NAMESPACE, namespace);
  if (value instanceof RegExp) return new RegExp(value.source.replace(NAMESPACE, namespace), value.flags);
  if (Array.isArray(value)) return value.map((item) => named(item, namespace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, named(item, namespace)]));
}
