import { expect } from 'vitest';
import { parseMilli } from '../../../src/domain/meta/quantity.ts';
import { eventually } from '../../conformance/runtime/eventually.ts';
import { busybox, STAY } from '../pods.ts';
import type { FieldCase } from './field-case.ts';
import type { SeenPod } from './seen-pod.ts';

type Amounts = { cpu?: string; memory?: string };
type Resources = { requests?: Amounts; limits?: Amounts };
type Resized = { field: string; before: readonly Resources[]; after: readonly Resources[]; back?: boolean };

const guaranteed = (cpu: string, memory: string): Resources => ({
  requests: { cpu, memory },
  limits: { cpu, memory },
});
const asks = (cpu?: string, memory?: string): Amounts => ({ ...(cpu && { cpu }), ...(memory && { memory }) });

const named = (all: readonly Resources[]) => all.map((resources, index) => ({ name: `c${index + 1}`, resources }));

/** The container's limits as the kernel has them: bytes, and microseconds of each tenth of a second. */
const LIMITS =
  'cd /sys/fs/cgroup; if [ -e cpu.max ]; then echo $(cat memory.max; cut -d" " -f1 cpu.max); else echo $(cat memory/memory.limit_in_bytes cpu/cpu.cfs_quota_us); fi';

/** No less than a millisecond (kubernetes pkg/kubelet/cm/helpers_linux.go MilliCPUToQuota). */
const quota = (cpu: string): string => String(Math.max(1000, Number(parseMilli(cpu)) * 100));
const bytes = (memory: string): string => String(Number(parseMilli(memory)) / 1000);

async function limitsAre(pod: SeenPod, container: string, { limits }: Resources): Promise<boolean> {
  const inside = await pod.kubectl.run(['exec', pod.name, '-c', container, '--', 'sh', '-c', LIMITS]);
  const [memory, cpu] = inside.trim().split(' ');
  return (
    (limits?.memory === undefined || memory === bytes(limits.memory)) &&
    (limits?.cpu === undefined || cpu === quota(limits.cpu))
  );
}

/** Everywhere: in the spec, in the status, in the kernel; and nothing was restarted for it. */
async function has(pod: SeenPod, wanted: readonly Resources[]): Promise<void> {
  const { spec, status } = await pod.until('shows its resources', (seen) =>
    named(wanted).every(({ name, resources }) => {
      const found = seen.status?.containerStatuses?.find((c) => c.name === name)?.resources;
      return JSON.stringify(found) === JSON.stringify({ ...order(resources) });
    }),
  );
  expect(spec?.containers?.map(({ name, resources }) => ({ name, resources }))).toEqual(named(wanted));
  expect(status?.containerStatuses?.map(({ restartCount }) => restartCount)).toEqual(wanted.map(() => 0));
  for (const { name, resources } of named(wanted))
    await eventually(
      `${pod.name} ${name} is limited`,
      async () => ((await limitsAre(pod, name, resources)) ? true : undefined),
      30_000,
    );
}

const order = ({ limits, requests }: Resources): Resources => ({
  ...(limits && { limits }),
  ...(requests && { requests }),
});

const resized = ({ field, before, after, back = true }: Resized): FieldCase => ({
  field,
  until: 'Running',
  spec: {
    containers: named(before).map(({ name, resources }) => busybox(STAY, { name, resources })),
  },
  shows: async (pod) => {
    const patch = (to: readonly Resources[]) =>
      pod.kubectl.run([
        'patch',
        'pod',
        pod.name,
        '--subresource=resize',
        '-p',
        JSON.stringify({ spec: { containers: named(to) } }),
      ]);
    await has(pod, before);
    await patch(after);
    await has(pod, after);
    if (!back) return;
    await patch(before);
    await has(pod, before);
  },
});

const three = [guaranteed('20m', '35Mi'), guaranteed('22m', '37Mi'), guaranteed('24m', '39Mi')];

/** Resources that change while a pod runs; the amounts are Kubernetes' (test/e2e/common/node/pod_resize.go). */
export const resizeCases: readonly FieldCase[] = [
  resized({
    field: 'spec.containers.resources (two of three grow)',
    before: three,
    after: [guaranteed('25m', '40Mi'), guaranteed('27m', '42Mi'), guaranteed('19m', '34Mi')],
  }),
  resized({
    field: 'spec.containers.resources (two of three shrink)',
    before: three,
    after: [guaranteed('25m', '40Mi'), guaranteed('17m', '32Mi'), guaranteed('19m', '34Mi')],
  }),
  resized({
    field: 'spec.containers.resources (some grow, others shrink)',
    before: three,
    after: [guaranteed('25m', '35Mi'), guaranteed('17m', '42Mi'), guaranteed('29m', '44Mi')],
  }),
  resized({
    field: 'spec.containers.resources (some are added)',
    before: [
      { requests: asks('20m') },
      { requests: asks(undefined, '35Mi') },
      { requests: asks('20m', '35Mi') },
      { requests: asks('20m') },
      { requests: asks(undefined, '35Mi') },
    ],
    after: [
      { limits: asks('35m'), requests: asks('25m') },
      { limits: asks(undefined, '50Mi'), requests: asks(undefined, '30Mi') },
      { requests: asks('20m', '30Mi') },
      { requests: asks('15m', '35Mi') },
      { requests: asks('20m', '40Mi') },
    ],
    // Neither requests nor limits can be taken away again.
    back: false,
  }),
  resized({
    field: 'spec.containers.resources (other words for the same)',
    before: [{ limits: asks('10m'), requests: asks('2m') }],
    after: [{ limits: asks('5m'), requests: asks('1m') }],
  }),
  {
    field: 'spec.containers.resources (replaced)',
    until: 'Running',
    spec: { containers: [busybox(STAY, { name: 'c1', resources: guaranteed('20m', '35Mi') })] },
    shows: async (pod) => {
      const wanted = guaranteed('25m', '40Mi');
      const { spec, ...object } = await pod.object();
      const containers = spec!.containers!.map((container) => ({ ...container, resources: wanted }));
      const input = [{ ...object, apiVersion: 'v1', kind: 'Pod', spec: { ...spec, containers } }];
      await pod.kubectl.run('replace --subresource=resize -f -', { input });
      await has(pod, [wanted]);
    },
  },
];
