import { hostname } from 'node:os';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { quantityValue } from '../../src/domain/meta/quantity.ts';
import type { Node } from '../../src/domain/meta/types.ts';
import type { KubectlVersion } from '../clients/kubectl-binary.ts';
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
  const uncordoned = () => onTestFinished(async () => void (await k2d.kubectl.attempt(`uncordon ${NODE}`)));
  const untilBecause = (name: string, message: string) =>
    kubectl.until(
      ['get', 'pod', name, '-o', 'jsonpath={.status.conditions[?(@.type=="PodScheduled")].message}'],
      message,
    );
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
    await untilBecause('late', '0/1 nodes are available: 1 node(s) were unschedulable.');
    await k2d.kubectl.run(`uncordon ${NODE}`);
    await podRow(kubectl, 'late', running);
  });

  it('keeps away, and drives away, what does not tolerate a taint', async () => {
    onTestFinished(async () => void (await k2d.kubectl.attempt(`taint node ${NODE} line-`)));
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
    onTestFinished(async () => void (await k2d.kubectl.attempt(`label node ${NODE} hall-`)));
    const term = { topologyKey: 'hall', labelSelector: { matchLabels: { app: 'picky' } } };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    await kubectl.apply(
      pod('picky', { ...idle(), nodeSelector: { hall: '7' } }),
      pod('follower', { ...idle(), affinity }),
    );
    await podRow(kubectl, 'picky', waiting);
    await untilBecause('follower', "0/1 nodes are available: 1 node(s) didn't match pod affinity rules.");
    await k2d.kubectl.run(`label node ${NODE} hall=7`);
    await podRow(kubectl, 'picky', running);
    await podRow(kubectl, 'follower', running);
  });

  it('lets a pod wait for room, and refuses what it will never have', async () => {
    const mebibytes = Math.floor(quantityValue((await node()).status!.allocatable!['memory']!) / 2 ** 20);
    const asking = (share: number) =>
      idle({ resources: { requests: { memory: `${Math.floor(mebibytes * share)}Mi` } } });
    await kubectl.apply(pod('first', asking(0.55)));
    await podRow(kubectl, 'first', running);
    await kubectl.apply(pod('second', asking(0.55)));
    await podRow(kubectl, 'second', waiting);
    await untilBecause('second', '0/1 nodes are available: 1 Insufficient memory.');
    await kubectl.until('events --for pod/second', 'FailedScheduling');
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
    onTestFinished(async () => void (await k2d.kubectl.attempt('delete priorityclass vital')));
    await k2d.kubectl.run('create priorityclass vital --value=1000');
    await kubectl.apply(pod('victim', asking(0.55)));
    await podRow(kubectl, 'victim', running);
    await kubectl.apply(pod('vital', { ...asking(0.55), priorityClassName: 'vital' }));
    await podRow(kubectl, 'vital', running);
    expect(await kubectl.attempt('get pod victim')).toMatchObject({ code: 1 });
    await kubectl.until('events --for pod/victim', /Preempted +Pod\/victim +Preempted by pod/);
    await kubectl.run('delete pod vital --now');
  });

  it('is drained as budgets allow', async () => {
    uncordoned();
    const volumes = { volumes: [{ name: 'scratch', emptyDir: {} }] };
    const spec = { ...idle({ volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] }), ...volumes };
    await kubectl.apply(deployment('drained', spec, { replicas: 2 }));
    await kubectl.run('rollout status deployment/drained --timeout=100s');
    await kubectl.run('create pdb drained --selector=app=drained --min-available=50%');
    const drain = (more: string) => k2d.kubectl.attempt(`drain ${NODE} --pod-selector=app=drained ${more}`);
    const local = await drain('--timeout=5s');
    expect(local.stderr).toContain('cannot delete Pods with local storage (use --delete-emptydir-data to override)');
    const blocked = await drain('--delete-emptydir-data --timeout=12s');
    expect(blocked.code).toBe(1);
    expect(blocked.stderr).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
    await eventually('one waits, the other runs', async () => {
      const rows = await podRows(kubectl, '-l app=drained');
      return rows
        .map(({ status }) => status)
        .toSorted()
        .join() === 'Pending,Running'
        ? true
        : undefined;
    });
    await kubectl.until(
      'get pdb drained -o jsonpath={.status}',
      /"currentHealthy":1,"desiredHealthy":1,"disruptionsAllowed":0,"expectedPods":2/,
    );
    await kubectl.run('delete pdb drained');
    expect(await drain('--delete-emptydir-data --timeout=100s')).toMatchObject({ code: 0 });
    await eventually('both wait', async () =>
      (await podRows(kubectl, '-l app=drained')).every(waiting) ? true : undefined,
    );
    await k2d.kubectl.run(`uncordon ${NODE}`);
    await kubectl.run('rollout status deployment/drained --timeout=100s');
  });

  describe('what is used', () => {
    /** Tables of `kubectl top` by the first of their words, or the first two; CPU in thousandths, memory in Mi. */
    const top = async (command: string, names = 1, version: KubectlVersion = '1.35') => {
      const text = await kubectl.at(version).run(`top ${command} --no-headers`);
      const rows = text
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ +/));
      return new Map(
        rows.map((words) => {
          const [cpu = '', memory = ''] = words.slice(names).filter((word) => !word.endsWith('%'));
          return [words.slice(0, names).join(' '), { cpu: Number.parseInt(cpu), memory: Number.parseInt(memory) }];
        }),
      );
    };
    const raw = (path: string) => k2d.kubectl.run(`get --raw ${path}`);

    beforeAll(async () => {
      const burner = busybox('while :; do :; done', { name: 'burner', resources: { limits: { cpu: '500m' } } });
      const holder = busybox(`dd if=/dev/zero of=/dev/shm/held bs=1M count=30; ${STAY}`, { name: 'holder' });
      const web = busybox('echo hello > /tmp/file; exec httpd -f -p 8080 -h /tmp', {
        ports: [{ name: 'http', containerPort: 8080 }],
        readinessProbe: { httpGet: { path: '/file', port: 8080 }, periodSeconds: 1, timeoutSeconds: 10 },
      });
      await kubectl.apply(pod('busy', { containers: [burner, holder] }), pod('web', { containers: [web] }), {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { selector: { app: 'web' }, ports: [{ name: 'main', port: 80, targetPort: 'http' }] },
      });
      await kubectl.run('wait --for=condition=Ready pod/busy pod/web --timeout=100s');
    });

    it('is told at once, by container', async () => {
      const first = await top('pod busy --containers', 2);
      expect([...first.keys()]).toEqual(['busy burner', 'busy holder']);
      const held = await eventually('a container that burns half a core, and one that holds 30 MB', async () => {
        const found = await top('pod busy --containers', 2);
        const burnt = found.get('busy burner')!;
        const holder = found.get('busy holder')!;
        return burnt.cpu > 20 && burnt.cpu < 700 && holder.memory >= 30 ? holder : undefined;
      });
      expect(held.memory).toBeLessThan(60);
    });

    it.each(['1.27', '1.35'] as const)('is told to kubectl %s, of pods and of the node', async (version) => {
      expect([...(await top('pod -l app=web', 1, version)).keys()]).toEqual(['web']);
      const sorted = await top('pod --sort-by=memory', 1, version);
      expect([...sorted.keys()].filter((name) => name === 'busy' || name === 'web')).toEqual(['busy', 'web']);
      expect([...(await top('pod -A', 2, version)).keys()]).toContain('node busy');
      const used = (await top('node', 1, version)).get(NODE)!;
      expect(used.cpu).toBeGreaterThan(0);
      expect(used.memory).toBeGreaterThan(30);
    });

    it('is a table, too', async () => {
      expect(await kubectl.run('get pods.metrics.k8s.io web')).toMatch(/^NAME +CPU +MEMORY +WINDOW *\nweb +\d/);
    });

    it('is in the summary of the kubelet, and in its metrics', async () => {
      const { node: machine, pods } = JSON.parse(await raw(`/api/v1/nodes/${NODE}/proxy/stats/summary`));
      expect(machine.nodeName).toBe(NODE);
      expect(machine.fs.capacityBytes).toBeGreaterThan(machine.fs.availableBytes);
      const busy = pods.find(({ podRef }: { podRef: { name: string } }) => podRef.name === 'busy');
      expect(busy.cpu.usageCoreNanoSeconds).toBeGreaterThan(0);
      expect(busy.memory.workingSetBytes).toBeGreaterThan(30 * 2 ** 20);
      expect(await raw(`/api/v1/nodes/${NODE}/proxy/metrics/resource`)).toContain(
        'container_memory_working_set_bytes{container="holder",namespace="node",pod="busy"} ',
      );
    });

    it('what the engine was asked is in the metrics of k2d', async () => {
      const metrics = await raw('/metrics');
      const started = /^kubelet_runtime_operations_total\{operation_type="start_container"\} (\d+)$/m.exec(metrics);
      expect(Number(started?.[1])).toBeGreaterThan(0);
      expect(metrics).toMatch(
        /^kubelet_runtime_operations_duration_seconds_count\{operation_type="start_container"\} \d+$/m,
      );
    });

    it('may be read by whoever may view', async () => {
      const may = (verb: string, what: string) =>
        kubectl.attempt(`auth can-i ${verb} ${what} --as=viewer --as-group=system:authenticated`);
      await kubectl.run('create rolebinding viewer --clusterrole=view --user=viewer');
      onTestFinished(async () => void (await kubectl.attempt('delete rolebinding viewer')));
      expect((await may('list', 'pods.metrics.k8s.io')).stdout).toBe('yes\n');
      expect((await may('get', 'pods --subresource=proxy')).stdout).toBe('no\n');
    });

    it.each([
      'pods/web',
      'pods/web:8080',
      'pods/http:web:8080',
      'services/web',
      'services/web:main',
      'services/http:web:80',
    ])('a web server is reached as %s', async (name) => {
      const answer = await eventually(`an answer of ${name}`, async () => {
        const { code, stdout } = await k2d.kubectl.attempt(`get --raw /api/v1/namespaces/node/${name}/proxy/file`);
        return code === 0 ? stdout : undefined;
      });
      expect(answer).toBe('hello\n');
    });
  });
});
