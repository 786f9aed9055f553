import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import type { StatusReport } from '../../src/cli/status/status-report.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { engineCli } from './engine-cli.ts';
import { engines, type TestEngine } from './engines.ts';
import type { K2d } from './k2d.ts';
import { BUSYBOX, busybox, containerIds, deployment, podRows } from './pods.ts';
import { useK2d } from './use-k2d.ts';

type Ended = { code: number | null; output: string; complaint: string };
type Streams = { input?: Readable; output?: NodeJS.WritableStream };

/** `docker exec -i K2D k2d …`, with files for its streams. */
async function command({ engine, config }: K2d, args: string, { input, output }: Streams = {}): Promise<Ended> {
  const [program, ...flags] = engine.cli;
  const child = spawn(program, [...flags, 'exec', '-i', config.instance, 'k2d', ...args.split(' ')]);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  // Who refuses does not read to the end; Podman's client then adds a complaint of its own.
  const sent = pipeline(input ?? Readable.from([]), child.stdin).catch(() => undefined);
  const taken = output ? pipeline(child.stdout, output).then(() => '') : text(child.stdout);
  const complaint = text(child.stderr);
  const code = await ended;
  await sent;
  return { code, output: await taken, complaint: await complaint };
}

/** A page that the pod writes once, into a volume. */
const manifests = [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
  },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'word' }, stringData: { word: 'secret' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  },
  deployment('web', {
    containers: [
      busybox('[ -e /d/index.html ] || cat /proc/sys/kernel/random/uuid >/d/index.html; exec httpd -f -p 8080 -h /d', {
        volumeMounts: [{ name: 'd', mountPath: '/d' }],
      }),
    ],
    volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }],
  }),
];

/** What the Service answers, once it does. */
async function page(kubectl: Kubectl): Promise<string> {
  const address = await kubectl.run('get service web -o jsonpath={.spec.clusterIP}');
  return eventually('the page', async () => {
    const answer = await fetch(`http://${address}/`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    return answer?.ok ? answer.text() : undefined;
  });
}

describe.each(engines)('the command k2d on $kind', (engine: TestEngine) => {
  const first = useK2d(engine, 'command');
  const second = useK2d(engine, 'command-other');
  let folder: string;
  let kubectl: Kubectl;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'it-command-'));
    kubectl = await first.namespace('plant');
    await kubectl.apply(...manifests);
    await kubectl.run('rollout status deployment/web --timeout=100s');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('status tells of engine, data plane, objects and memory', async () => {
    const { code, output } = await command(first, 'status -o json');
    const report = JSON.parse(output) as StatusReport;
    expect([0, 3]).toContain(code);
    expect(report).toMatchObject({
      instance: first.config.instance,
      api: { serves: true, ready: true, port: first.config.port },
      engine: { name: engine.kind, answers: true },
      dataPlane: { kind: 'nftables', loaded: true },
    });
    expect(report.objects).toMatchObject({ 'deployments.apps': 1, secrets: 1 });
    expect(report.memory.private).toBeGreaterThan(5e6);
    expect((await command(first, 'status')).output).toMatch(/^engine +\w+ \d/m);
  });

  it('status tells of what is wrong', async () => {
    await kubectl.apply(deployment('broken', { containers: [{ name: 'main', image: 'localhost/it-command-none:1' }] }));
    await eventually('the problem', async () => {
      const { code, output } = await command(first, 'status');
      return code === 3 && output.includes('pod plant/broken-') ? true : undefined;
    });
    await kubectl.run('delete deployment broken');
  });

  it('doctor finds nothing that keeps k2d from working', async () => {
    const { code, output } = await command(first, 'doctor -o json');
    const findings = JSON.parse(output) as Finding[];
    expect(findings.filter(({ level }) => level === 'fail')).toEqual([]);
    expect(code).toBe(0);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['engine', 'cgroups', 'nftables', 'data path', 'clock', 'certificate: authority']),
    );
  });

  it('kubeconfig makes one for a user with groups, who may do what is bound to them', async () => {
    const { code, output } = await command(first, 'kubeconfig --user anna --group operators --lifetime 1h');
    expect(code).toBe(0);
    const path = join(folder, 'anna');
    await writeFile(path, output, { mode: 0o600 });
    const anna = kubectl.with(path);
    expect(await anna.run('auth whoami -o jsonpath={.status.userInfo.username}')).toBe('anna');
    expect(await anna.attempt(['get', 'pods'])).toMatchObject({ code: 1 });
    await kubectl.run('create rolebinding operators --clusterrole=view --group=operators');
    await eventually('the right', async () => ((await anna.attempt(['get', 'pods'])).code === 0 ? true : undefined));
  });

  it('what is asked for wrongly is 2, with help for every command', async () => {
    expect(await command(first, 'nonsense')).toMatchObject({ code: 2 });
    expect(await command(first, 'status --none')).toMatchObject({ code: 2 });
    expect(await command(first, 'reset')).toMatchObject({ code: 2 });
    expect((await command(first, 'images import --help')).output).toContain('usage: k2d images import');
  });

  it('images import brings what the engine saved', async () => {
    const name = `localhost/it-${engine.kind}-command:1`;
    const path = join(folder, 'image.tar');
    await engineCli(engine, 'tag', BUSYBOX, name);
    await engineCli(engine, 'save', '-o', path, name);
    await engineCli(engine, 'rmi', name);
    const { code, output, complaint } = await command(first, 'images import', { input: createReadStream(path) });
    expect(code, complaint).toBe(0);
    expect(output).toContain(name);
    await engineCli(engine, 'rmi', name);
  });

  it('images import says why it takes no other file', async () => {
    const { code, complaint } = await command(first, 'images import', { input: Readable.from(['x'.repeat(2048)]) });
    expect(complaint).toContain('no tar archive');
    expect(code).toBe(1);
  });

  it('a backup of one device brings its workloads up on another', async () => {
    const before = await page(kubectl);
    const archive = join(folder, 'backup.tar');
    const made = await command(first, 'backup --volumes', { output: createWriteStream(archive, { mode: 0o600 }) });
    expect(made.code, made.complaint).toBe(0);

    const gone = await command(first, 'reset --yes --volumes');
    expect(gone.code, gone.complaint).toBe(0);
    await eventually("k2d's own container gone", async () =>
      (await first.restarts()) === undefined ? true : undefined,
    );
    expect(await leftOf(first)).toEqual([]);

    const cut = createReadStream(archive, { end: (await stat(archive)).size - 20_000 });
    expect(await command(second, 'restore', { input: cut })).toMatchObject({ code: 1 });
    expect((await second.kubectl.run('get namespaces')).split('\n').join(' ')).not.toContain('plant');

    const restored = await command(second, 'restore', { input: createReadStream(archive) });
    expect(restored.code, restored.complaint).toBe(0);
    const there = second.kubectl.in('plant');
    await there.run('rollout status deployment/web --timeout=100s');
    expect(await page(there)).toBe(before);
    expect(await there.run('get secret word -o jsonpath={.data.word}')).toBe('c2VjcmV0');

    const anna = there.with(join(folder, 'anna'));
    expect(await anna.run(['get', 'pods', '--server', second.url])).toContain('web-');
    expect(await command(second, 'restore', { input: createReadStream(archive) })).toMatchObject({ code: 1 });

    const { main: running } = await containerIds(there, await onlyPod(there));
    const again = await command(second, 'restore --force', { input: createReadStream(archive) });
    expect(again.code, again.complaint).toBe(0);
    expect(await engineCli(engine, 'ps', '-aq', '--no-trunc')).not.toContain(running);
    expect(await page(there)).toBe(before);
  });
});

/** The name of the pod of `web`. */
const onlyPod = async (kubectl: Kubectl): Promise<string> => (await podRows(kubectl, '-l app=web'))[0]!.name;

/** Of an instance that was reset with its volumes. */
async function leftOf({ engine, config }: K2d): Promise<string[]> {
  const label = `label=k2d.io/instance=${config.instance}`;
  const lists = await Promise.all([
    engineCli(engine, 'ps', '-aq', '--filter', label),
    engineCli(engine, 'volume', 'ls', '-q', '--filter', label),
    engineCli(engine, 'network', 'ls', '-q', '--filter', label),
    readdir(config.dataPath).then((names) => names.join('\n')),
  ]);
  return lists.filter((list) => list !== '');
}
