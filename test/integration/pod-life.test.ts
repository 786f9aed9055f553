import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kubectl } from '../clients/kubectl.ts';
import { kubectlBinary } from '../clients/kubectl-binary.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import { SeenPod } from './pod-fields/seen-pod.ts';
import { busybox, containerIds, pod, podRow, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const shared = { volumeMounts: [{ name: 'shared', mountPath: '/shared' }] };
const init = (name: string, script: string) => ({ ...busybox(script, shared), name });
/** Answers with what is in the shared folder. */
const server = (port: number, fields: object = {}) => ({
  ...busybox('', shared),
  command: ['httpd', '-f', '-p', `${port}`, '-h', '/shared'],
  ...fields,
});
const reader = (name: string, url: string) =>
  busybox(`until wget -q -O - ${url}; do sleep 0.2; done; ${STAY}`, { name, ...shared });

/** Two steps in order, a helper beside them, and three containers that are neighbours. */
const group = {
  initContainers: [
    init('first', 'echo one > /shared/index.html'),
    server(8081, { name: 'helper', restartPolicy: 'Always' }),
    init(
      'second',
      'until wget -q -O - http://localhost:8081/ > /shared/seen; do sleep 0.2; done; echo two >> /shared/seen',
    ),
  ],
  containers: [
    server(8080, { name: 'web' }),
    reader('by-web', 'http://localhost:8080/seen'),
    reader('by-helper', 'http://127.0.0.1:8081/seen'),
  ],
  volumes: [{ name: 'shared', emptyDir: {} }],
};

/** Healthy until its page is gone; a start makes it again. */
const watched = {
  containers: [
    {
      ...busybox('mkdir -p /www; echo well > /www/index.html; httpd -f -p 8080 -h /www & wait $!', { name: 'watched' }),
      livenessProbe: { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 5, timeoutSeconds: 10 },
    },
    busybox(STAY, { name: 'neighbour' }),
  ],
};

/** Seconds from each start of the container to the next, as the engine dated the first line of each run. */
async function pauses(seen: SeenPod): Promise<number[]> {
  const { Id: id } = (await seen.inspect()) as { Id: string };
  const log = await engineCli(seen.engine, 'logs', '--timestamps', id);
  const times = log.split('\n').map((line) => Date.parse(line.split(' ')[0]!) / 1000);
  return times.slice(1).map((time, i) => time - times[i]!);
}

/** Of pauses that somebody made: where k2d makes them, the engine has started the container a few times more before it is held. */
function grow(all: readonly number[]): boolean {
  const [before = Infinity, last = 0] = all.filter((seconds) => seconds > 3).slice(-2);
  return last > 1.4 * before;
}

describe.each(engines)('the life of a pod on $kind', (engine) => {
  const k2d = useK2d(engine, 'life');
  let kubectl: Kubectl;
  const apply = async (name: string, spec: object): Promise<SeenPod> => {
    await kubectl.apply(pod(name, spec));
    return new SeenPod(name, engine, kubectl);
  };
  const ready = (name: string) => kubectl.run(`wait --for=condition=Ready pod/${name} --timeout=100s`);

  beforeAll(async () => {
    kubectl = await k2d.namespace('life');
  });

  it.concurrent('two init containers, a sidecar and three containers share localhost and a folder', async () => {
    const seen = await apply('group', group);
    await ready('group');
    expect(await seen.untilLog('two', 'by-web')).toBe('one\ntwo');
    expect(await seen.untilLog('two', 'by-helper')).toBe('one\ntwo');
    expect(await podRow(kubectl, 'group', () => true)).toMatchObject({ ready: '4/4', restarts: 0 });
  });

  it.concurrent('a crash loop has growing pauses', async () => {
    const seen = await apply('crashing', { containers: [busybox('echo again; exit 3')] });
    await seen.until('has run', ({ status }) => status?.containerStatuses?.[0]?.containerID !== undefined);
    let all: number[] = [];
    const growing = async () => {
      all = await pauses(seen);
      return grow(all) || undefined;
    };
    await eventually('growing pauses', growing, 150_000).catch((error: unknown) => {
      throw new Error(`${String(error)}, but ${all.join(', ')} seconds`, { cause: error });
    });
    await podRow(kubectl, 'crashing', ({ status }) => status === 'CrashLoopBackOff');
  });

  it.concurrent('a liveness failure restarts only its container', async () => {
    const seen = await apply('watched', watched);
    await ready('watched');
    const ids = await containerIds(kubectl, 'watched');
    await kubectl.run('exec watched -c watched -- rm /www/index.html');
    const { status } = await seen.until('is restarted', (found) =>
      (found.status?.containerStatuses ?? []).some((c) => c.restartCount > 0 && c.ready),
    );
    expect(status?.containerStatuses?.find((c) => c.name === 'neighbour')?.restartCount).toBe(0);
    expect((await containerIds(kubectl, 'watched'))['neighbour']).toBe(ids['neighbour']);
    await seen.untilEvent('failed liveness probe, will be restarted');
  });

  /** Ends a pod once it runs; answers after how many seconds it was gone, and what its container wrote down meanwhile. */
  const end = async (name: string, script: string, grace: number) => {
    const folder = await mkdtemp(join(tmpdir(), 'k2d-life-'));
    const container = busybox('', {
      command: ['sh', '-c', script],
      volumeMounts: [{ name: 'notes', mountPath: '/notes' }],
    });
    await apply(name, {
      terminationGracePeriodSeconds: grace,
      containers: [container],
      volumes: [{ name: 'notes', hostPath: { path: folder } }],
    });
    const notes = () => readFile(join(folder, 'notes'), 'utf8').catch(() => '');
    await eventually(`${name} is up`, async () => (await notes()) || undefined);
    const asked = Date.now();
    await kubectl.run(`delete pod ${name} --timeout=100s`);
    const seconds = (Date.now() - asked) / 1000;
    const lines = (await notes()).trim().split('\n');
    await rm(folder, { recursive: true });
    return { seconds, lines };
  };
  const NOTE = 'exec >> /notes/notes';
  const GO_ON = 'echo up; while :; do sleep 1 & wait $!; done';

  it.concurrent('who ends when asked has the time for it', async () => {
    const script = `${NOTE}; trap 'echo asked; sleep 2; echo done; exit 0' TERM; ${GO_ON}`;
    const { seconds, lines } = await end('polite', script, 90);
    expect(lines).toEqual(['up', 'asked', 'done']);
    expect(seconds).toBeLessThan(60);
  });

  it.concurrent('who does not is killed after the grace', async () => {
    const { seconds, lines } = await end('deaf', `${NOTE}; trap 'echo asked' TERM; ${GO_ON}`, 3);
    expect(lines).toEqual(['up', 'asked']);
    expect(seconds).toBeGreaterThanOrEqual(3);
    expect(seconds).toBeLessThan(50);
  });

  it.concurrent('kubectl debug joins a running pod, with a terminal', async () => {
    const target = { ...busybox('', { name: 'target' }), command: ['httpd', '-f', '-p', '8080', '-h', '/etc'] };
    const seen = await apply('patient', { containers: [target] });
    await ready('patient');
    const flags = `--kubeconfig ${k2d.config.kubeconfigPath} --namespace life`;
    const inside = 'read line; tty; ps; echo $(wget -q -O - http://localhost:8080/hostname) is well; echo got $line';
    const debug = `debug -it patient --image=docker.io/library/busybox:1.35 --target=target -c doctor -- sh -c '${inside}'`;
    const session = promisify(execFile)('script', ['-qec', `${kubectlBinary('1.35')} ${flags} ${debug}`, '/dev/null'], {
      timeout: 150_000,
    });
    session.child.stdin?.write('a line\n');
    const { stdout } = await session;
    expect(stdout).toContain('/dev/');
    expect(stdout).toContain('httpd -f -p 8080');
    expect(stdout).toContain('patient is well');
    expect(stdout).toContain('got a line');
    const { status } = await seen.until('had a doctor', (found) =>
      (found.status?.ephemeralContainerStatuses ?? []).some((c) => c.state?.terminated?.exitCode === 0),
    );
    expect(status).toMatchObject({ phase: 'Running', containerStatuses: [{ name: 'target', restartCount: 0 }] });
  });
});
