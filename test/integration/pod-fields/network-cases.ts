import { expect } from 'vitest';
import { OutsideMachine } from '../../conformance/dataplane/outside-machine.ts';
import { askWith, peerIn } from '../../conformance/dataplane/place.ts';
import { eventually } from '../../conformance/runtime/eventually.ts';
import { engineCli } from '../engine-cli.ts';
import type { TestEngine } from '../engines.ts';
import { busybox } from '../pods.ts';
import type { FieldCase } from './field-case.ts';
import type { SeenPod } from './seen-pod.ts';

const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
const STATUS = 'k8s.v1.cni.cncf.io/network-status';

const definition = (name: string, config: object): object => ({
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { name },
  spec: { config: JSON.stringify({ cniVersion: '0.3.1', name, ...config }) },
});

/** Networks beside the pod's own, each over a wire to another machine that is there for the case. */
export const networkCases = (engine: TestEngine): readonly FieldCase[] => {
  const SERVE = 'ip route; exec nc -ll -p 8080 -e echo from the pod';
  const isDocker = engine.kind === 'docker';

  const plant = (letter: string, third: number) => {
    const subnet = `10.${isDocker ? 233 : 234}.${third}`;
    const machine = new OutsideMachine(`it-${isDocker ? 'd' : 'p'}${letter}`, subnet);
    return {
      subnet,
      wire: `it-${isDocker ? 'd' : 'p'}${letter}-o`,
      prepare: async () => {
        await machine.close();
        await machine.open();
        return () => machine.close();
      },
      asks: (ip: string) =>
        eventually('the pod answers on the wire', async () => {
          const [answer] = await askWith(peerIn(machine.place), 'tcp', ip, 8080);
          return answer === 'from the pod' ? answer : undefined;
        }),
    };
  };

  const statusOf = async (pod: SeenPod) => {
    const { metadata } = await pod.until(
      'is told of its networks',
      (seen) => seen.metadata?.annotations?.[STATUS] !== undefined,
    );
    return JSON.parse(metadata?.annotations?.[STATUS] ?? '') as object[];
  };

  const one = plant('a', 1);
  const two = plant('b', 2);
  return [
    {
      field: `metadata.annotations ${NETWORKS} (macvlan)`,
      prepare: one.prepare,
      objects: [
        definition('fixed', {
          type: 'macvlan',
          master: one.wire,
          ipam: { type: 'static', addresses: [{ address: `${one.subnet}.20/24` }] },
        }),
      ],
      metadata: { annotations: { [NETWORKS]: 'fixed' } },
      spec: { containers: [busybox(SERVE)] },
      until: 'Running',
      shows: async (pod) => {
        await one.asks(`${one.subnet}.20`);
        const [own, second] = await statusOf(pod);
        expect(own).toMatchObject({ default: true, interface: 'eth0', ips: [(await pod.object()).status?.podIP] });
        expect(second).toMatchObject({
          name: expect.stringMatching(/^fields-networks\/fixed$/),
          interface: isDocker ? 'eth1' : 'net1',
          ips: [`${one.subnet}.20`],
          mac: expect.stringMatching(/^[0-9a-f:]{17}$/),
        });
        expect((await pod.log()).match(/^default .*$/gm)).toEqual([expect.stringContaining('dev eth0')]);
      },
    },
    {
      field: `metadata.annotations ${NETWORKS} (containers side by side, JSON)`,
      prepare: two.prepare,
      objects: [
        definition('range', {
          type: 'macvlan',
          master: two.wire,
          mode: 'bridge',
          ipam: {
            type: 'host-local',
            subnet: `${two.subnet}.0/24`,
            rangeStart: `${two.subnet}.40`,
            rangeEnd: `${two.subnet}.49`,
          },
        }),
      ],
      metadata: { annotations: { [NETWORKS]: JSON.stringify([{ name: 'range', ips: [`${two.subnet}.77`] }]) } },
      spec: { containers: [busybox(SERVE), { ...busybox('sleep 600 & wait'), name: 'other' }] },
      until: 'Running',
      shows: async (pod) => {
        await two.asks(`${two.subnet}.77`);
        expect((await statusOf(pod))[1]).toMatchObject({ ips: [`${two.subnet}.77`] });
        await pod.kubectl.run(['delete', 'pod', pod.name]);
        await eventually('its network went with it', async () =>
          (await engineCli(engine, 'network', 'ls')).includes(two.wire) ? undefined : true,
        );
      },
    },
    {
      field: `metadata.annotations ${NETWORKS} (what cannot be)`,
      objects: [definition('leased', { type: 'macvlan', master: 'eth0', ipam: { type: 'dhcp' } })],
      metadata: { annotations: { [NETWORKS]: 'leased' } },
      spec: { containers: [busybox('true')] },
      until: 'Pending',
      shows: async (pod) => {
        const why = 'network fields-networks/leased: k2d cannot carry out ipam.type "dhcp"';
        expect(await pod.untilEvent(why)).toContain('FailedCreatePodSandBox');
        const { status } = await pod.object();
        expect(status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ContainerCreating');
      },
    },
  ];
};
