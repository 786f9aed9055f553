import { hostname } from 'node:os';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { quantityValue } from '../../src/domain/meta/quantity.ts';
import type { Node } from '../../src/domain/meta/types.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { engines } from './engines.ts';
import { busybox, deployment, pod, podRow, podRows, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const NODE = hostname().toLowerCase();
const idle = (fields: object = {}) => ({ containers: [busybox(STAY, fields)] });
const running = ({ status, ready }: { status: string; ready: string }) =>
  status === 'Running' && !ready.startsWith('0');
const waiting = ({ status }: { status: string }) => status === 'Pending';

describe.each(engines)('the node on $kind', (engine) => {
  const k2d = useK2d(engine, 'node');
  let kubectl: Kubectl;
  const node = async (): Promise<Node> => JSON.parse(await k2d.kubectl.run(`get node ${NODE} -o json`)) as Node;
  const uncordoned = () => onTestFinished(() => void k2d.kubectl.attempt(`uncordon ${NODE}`));
  const whyNot = (name: string) =>
    kubectl.run(['get', 'pod', name, '-o', 'jsonpath={.status.conditions[?(@.type=="PodScheduled")].message}']);
  beforeAll(async () => {
    kubectl = await k2d.namespace('node');
  });

  it('tells what the machine has, what pods can have, and how it is', async () => {
    const { status } = await node();
    const { capacity = {}, allocatable = {} } = status ?? {};
    for (const name of ['memory', 'ephemeral-storage']) {
      expect(quantityValue(allocatable[name]!)).toBeGreaterThan(0);
      expect(quantityValue(allocatable[name]!)).toBeLessThan(quantityValue(capacity[name]!));
    }
    expect(allocatable).toMatchObject({ pods: '110', cpu: capacity['cpu'] });
    expect(status?.conditions?.map(({ type }) => type).toSorted()).toEqual([
      'DiskPressure',
      'MemoryPressure',
      'PIDPressure',
      'Ready',
    ]);
    expect(status?.images?.flatMap(({ names }) => names)).toContain('docker.io/library/busybox:1.35');
    expect(status?.addresses?.map(({ type }) => type)).toEqual(['InternalIP', 'Hostname']);
  });

  it('takes no new pods while it is cordoned, and those that wait afterwards', async () => {
    uncordoned();
    await k2d.kubectl.run(`cordon ${NODE}`);
    await kubectl.apply(pod('late', idle()));
    await podRow(kubectl, 'late', waiting);
    expect(await whyNot('late')).toBe('0/1 nodes are available: 1 node(s) were unschedulable.');
    await k2d.kubectl.run(`uncordon ${NODE}`);
    await podRow(kubectl, 'late', running);
  });

  it('keeps away, and drives away, what does not tolerate a taint', async () => {
    onTestFinished(() => void k2d.kubectl.attempt(`taint node ${NODE} line-`));
    const tolerations = [{ key: 'line', operator: 'Exists' }];
    await kubectl.apply(deployment('driven', idle()), pod('tolerant', { ...idle(), tolerations }));
    await podRow(kubectl, '-l app=driven', running);
    await k2d.kubectl.run(`taint node ${NODE} line=4:NoExecute`);
    await podRow(kubectl, '-l app=driven', waiting);
    await podRow(kubectl, 'tolerant', running);
    await k2d.kubectl.run(`taint node ${NODE} line-`);
    await podRow(kubectl, '-l app=driven', running);
  });

  it('takes a pod when it gets the label, and another when it has the company, that they ask for', async () => {
    onTestFinished(() => void k2d.kubectl.attempt(`label node ${NODE} hall-`));
    const term = { topologyKey: 'hall', labelSelector: { matchLabels: { app: 'picky' } } };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    await kubectl.apply(
      pod('picky', { ...idle(), nodeSelector: { hall: '7' } }),
      pod('follower', { ...idle(), affinity }),
    );
    await podRow(kubectl, 'picky', waiting);
    expect(await whyNot('follower')).toBe("0/1 nodes are available: 1 node(s) didn't match pod affinity rules.");
    await k2d.kubectl.run(`label node ${NODE} hall=7`);
    await podRow(kubectl, 'picky', running);
    await podRow(kubectl, 'follower', running);
  });

  it('lets a pod wait for room, and refuses what it will never have', async () => {
    const mebibytes = Math.floor(quantityValue((await node()).status!.allocatable!['memory']!) / 2 ** 20);
    const asking = (share: number) =>
      idle({ resources: { requests: { memory: `${Math.floor(mebibytes * share)}Mi` } } });
    await kubectl.apply(pod('first', asking(0.55)));
    await kubectl.apply(pod('second', asking(0.55)));
    await podRow(kubectl, 'second', waiting);
    expect(await whyNot('second')).toBe('0/1 nodes are available: 1 Insufficient memory.');
    expect(await kubectl.run('events --for pod/second')).toContain('FailedScheduling');
    await kubectl.run('delete pod first --now');
    await podRow(kubectl, 'second', running);
    const refused = await kubectl.attempt('apply -f -', { input: [pod('giant', asking(2))] });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('it can never fit the node') });
  });

  it('lets what is more important take the place of what is less', async () => {
    const mebibytes = Math.floor(quantityValue((await node()).status!.allocatable!['memory']!) / 2 ** 20);
    const asking = (share: number) =>
      idle({ resources: { requests: { memory: `${Math.floor(mebibytes * share)}Mi` } } });
    await kubectl.run('delete pod second --ignore-not-found --now');
    onTestFinished(() => void k2d.kubectl.attempt('delete priorityclass vital'));
    await k2d.kubectl.run('create priorityclass vital --value=1000');
    await kubectl.apply(pod('victim', asking(0.55)));
    await podRow(kubectl, 'victim', running);
    await kubectl.apply(pod('vital', { ...asking(0.55), priorityClassName: 'vital' }));
    await podRow(kubectl, 'vital', running);
    expect(await kubectl.attempt('get pod victim')).toMatchObject({ code: 1 });
    expect(await kubectl.run('events --for pod/victim')).toMatch(/Preempted +Pod\/victim +Preempted by pod/);
    await kubectl.run('delete pod vital --now');
  });

  it('is drained as budgets allow', async () => {
    uncordoned();
    const volumes = { volumes: [{ name: 'scratch', emptyDir: {} }] };
    const spec = { ...idle({ volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] }), ...volumes };
    await kubectl.apply(deployment('drained', spec, { replicas: 2 }));
    await kubectl.run('rollout status deployment/drained --timeout=60s');
    await kubectl.run('create pdb drained --selector=app=drained --min-available=50%');
    const drain = (more: string) => k2d.kubectl.attempt(`drain ${NODE} --pod-selector=app=drained ${more}`);
    const local = await drain('--timeout=5s');
    expect(local.stderr).toContain('cannot delete Pods with local storage (use --delete-emptydir-data to override)');
    const blocked = await drain('--delete-emptydir-data --timeout=7s');
    expect(blocked.code).toBe(1);
    expect(blocked.stderr).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
    const rows = await podRows(kubectl, '-l app=drained');
    expect(rows.map(({ status }) => status).toSorted()).toEqual(['Pending', 'Running']);
    expect(await kubectl.run('get pdb drained -o jsonpath={.status}')).toMatch(
      /"currentHealthy":1,"desiredHealthy":1,"disruptionsAllowed":0,"expectedPods":2/,
    );
    await kubectl.run('delete pdb drained');
    expect(await drain('--delete-emptydir-data --timeout=30s')).toMatchObject({ code: 0 });
    await eventually('both wait', async () =>
      (await podRows(kubectl, '-l app=drained')).every(waiting) ? true : undefined,
    );
    await k2d.kubectl.run(`uncordon ${NODE}`);
    await kubectl.run('rollout status deployment/drained --timeout=60s');
  });
});
