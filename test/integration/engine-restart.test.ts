import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntilReady } from '../../scripts/deploy/readiness.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import { K2d } from './k2d.ts';
import { hasEnded, OwnEngine } from './own-engine.ts';
import { busybox, deployment, type PodRow, podRows, STAY } from './pods.ts';

const undisturbed = { pods: 30, restarts: 0, liveRestore: true };
/** Docker ends its containers when it ends, and starts them again by their policy, unless `live-restore` is set. Podman's do not hear of it. */
const ways = engines.flatMap((shared) =>
  shared.kind === 'podman'
    ? [{ shared, what: 'Podman', ...undisturbed }]
    : [
        { shared, what: 'Docker with live-restore', ...undisturbed },
        { shared, what: 'Docker as it is installed', pods: 8, restarts: 1, liveRestore: false },
      ],
);

/** k2d runs from its sources here: in a container it would end with Docker itself. */
describe.each(ways)('$what is restarted under $pods pods', ({ shared, pods: count, restarts, liveRestore }) => {
  const names = Array.from({ length: count }, (_, index) => `p${index}`);
  const own = new OwnEngine(shared.kind, `restart-${shared.kind}`, { liveRestore });
  const { engine } = own;
  const k2d = new K2d(engine, 'restart');
  const cli = (...args: string[]) => engineCli(engine, ...args);
  let process: ChildProcess;
  let kubectl: Kubectl;
  let before: Container[];

  type Container = { id: string; name: string; pid: string; startedAt: string };
  const containers = async (): Promise<Container[]> => {
    const ids = (await cli('ps', '-aq', '--no-trunc')).split('\n').filter((id) => id !== '');
    const lines = await cli('inspect', '-f', '{{.Id}} {{.Name}} {{.State.Pid}} {{.State.StartedAt}}', ...ids);
    return lines
      .split('\n')
      .map((line) => {
        const [id = '', name = '', pid = '', ...startedAt] = line.split(' ');
        return { id, name, pid, startedAt: startedAt.join(' ') };
      })
      .toSorted((a, b) => a.name.localeCompare(b.name));
  };
  const uids = () => kubectl.run('get pods -o jsonpath={.items[*].metadata.uid}');
  const nodeIs = (ready: 'True' | 'False') =>
    kubectl.run(`wait node --all --for=condition=Ready=${ready} --timeout=100s`);
  const allRun = () =>
    eventually(
      `all pods run, restarted ${restarts} times`,
      async () => {
        const rows = await podRows(kubectl);
        const isAgain = (row: PodRow) => row.status === 'Running' && row.ready === '1/1' && row.restarts === restarts;
        return rows.every(isAgain) ? rows : undefined;
      },
      120_000,
    );

  beforeAll(async () => {
    await own.dispose();
    await own.start();
    await own.takeBusybox(shared);
    await k2d.dispose();
    await mkdir(k2d.config.dataPath, { recursive: true, mode: 0o700 });
    const log = await open(`${k2d.config.dataPath}/../k2d.log`, 'w');
    process = spawn('node', ['src/main.ts', 'serve'], { env: k2d.environment, stdio: ['ignore', log.fd, log.fd] });
    await log.close();
    const { port, kubeconfigPath } = k2d.config;
    const crashed = async () => hasEnded(process);
    expect(await waitUntilReady(port, kubeconfigPath, crashed, AbortSignal.timeout(60_000))).toBe(true);
    kubectl = await k2d.namespace('plant');
    await kubectl.apply(...names.map((name) => deployment(name, { containers: [busybox(STAY)] })));
    await kubectl.run('wait --for=condition=Available deployment --all --timeout=180s', { timeoutMs: 200_000 });
    before = await containers();
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => void process.once('exit', resolve));
    if (!hasEnded(process) && process.kill()) await ended;
    await k2d.dispose();
    await own.dispose();
  });

  it('shows that the engine is away, and keeps its pods', async () => {
    const pods = await uids();
    await own.stop();
    await nodeIs('False');
    expect(await uids()).toBe(pods);
  });

  it('connects again and finds every pod as it is, once, without making or starting anything itself', async () => {
    const pods = await uids();
    await own.start();
    await nodeIs('True');
    await allRun();
    expect(await uids()).toBe(pods);
    const after = await containers();
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    if (restarts === 0) expect(after).toEqual(before);
    const created = await kubectl.run('get events --field-selector reason=Created -o name');
    expect(created.trim().split('\n')).toHaveLength(count);
  });

  it('hears of what happens from then on', async () => {
    await cli('stop', '-t', '1', before[0]!.id);
    await eventually('it is shown as stopped', async () =>
      (await podRows(kubectl)).filter(({ status }) => status === 'Stopped').length === 1 ? true : undefined,
    );
  });
});
