import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Check, Finding } from './finding.ts';

/** containers.conf(5), in the order in which Podman reads them; the last one that says something counts. */
const files = ['/usr/share/containers/containers.conf', '/etc/containers/containers.conf'];
const folder = '/etc/containers/containers.conf.d';

/** Podman's own (containers/common pkg/config/default.go). */
const DEFAULT_SECONDS = 300;
const MOST_SECONDS = 60;

/** Every exec on Podman leaves two processes for this long: probes by command add up to megabytes. */
export const execDelayCheck: Check = async ({ config, engine }) => {
  if (engine instanceof Error || engine.name !== 'podman') return [];
  const { hostRoot } = config;
  const texts = engine.capabilities.rootless
    ? await readAll(
        '',
        [...files, join(homedir(), '.config/containers/containers.conf')],
        join(homedir(), '.config/containers/containers.conf.d'),
      )
    : await readAll(hostRoot, files, folder);
  return [judgeExecDelay(texts)];
};

async function readAll(root: string, paths: readonly string[], dropIns: string): Promise<string[]> {
  const names = await readdir(join(root, dropIns)).catch(() => []);
  const all = [
    ...paths,
    ...names
      .filter((name) => name.endsWith('.conf'))
      .toSorted()
      .map((name) => join(dropIns, name)),
  ];
  return Promise.all(all.map((path) => readFile(join(root, path), 'utf8').catch(() => '')));
}

export function judgeExecDelay(texts: readonly string[]): Finding {
  const check = 'exit_command_delay';
  const said = texts.flatMap((text) =>
    [...text.matchAll(/^\s*exit_command_delay\s*=\s*(\d+)/gm)].map(([, count]) => Number(count)),
  );
  const seconds = said.at(-1) ?? DEFAULT_SECONDS;
  if (seconds <= MOST_SECONDS) return { check, level: 'ok', found: `${seconds} s` };
  return {
    check,
    level: 'warn',
    found: `${seconds} s: each exec leaves two processes behind for so long, exec probes too`,
    advice:
      'put exit_command_delay = 5 under [engine] into /etc/containers/containers.conf.d/90-k2d.conf and restart podman.service',
  };
}
