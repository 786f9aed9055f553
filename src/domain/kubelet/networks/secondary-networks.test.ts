import { beforeEach, describe, expect, it } from 'vitest';
import type { Networks, NetworkStatus, SecondaryNetworkSpec } from '../../container-runtime/network.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { Pod } from '../../meta/types.ts';
import { networksAnnotation } from '../../resources/network-selection.ts';
import { attachmentLabels } from './pod-attachment.ts';
import { SecondaryNetworks } from './secondary-networks.ts';

/** An engine that takes each parent interface once, as Docker does. */
class FakeNetworks implements Pick<Networks, 'createSecondary' | 'status' | 'list' | 'remove'> {
  readonly made = new Map<string, SecondaryNetworkSpec>();
  readonly inUse = new Set<string>();

  async createSecondary(spec: SecondaryNetworkSpec) {
    const parents = [...this.made.values()].map(({ link }) => link.kind === 'macvlan' && link.parent);
    if (spec.link.kind === 'macvlan' && parents.includes(spec.link.parent))
      throw new RuntimeError('Internal', 'is already using parent interface');
    this.made.set(spec.name, spec);
  }
  async status(name: string): Promise<NetworkStatus | undefined> {
    const found = this.made.get(name);
    return found && { name, labels: found.labels, subnet: found.subnet, bridge: '' };
  }
  async list() {
    return [...this.made.values()].map(({ name, labels, subnet }) => ({ name, labels, subnet, bridge: '' }));
  }
  async remove(name: string) {
    if (this.inUse.has(name)) throw new RuntimeError('Conflict', 'has active endpoints');
    this.made.delete(name);
  }
}

const config = (ipam: object, more: object = {}) => JSON.stringify({ type: 'macvlan', master: 'eth0', ipam, ...more });
const range = { type: 'host-local', subnet: '10.9.8.0/24', rangeStart: '10.9.8.20', rangeEnd: '10.9.8.21' };

let networks: FakeNetworks;
let definitions: Record<string, string>;
let pods: Pod[];
const make = (interfaceIdentity = true) =>
  new SecondaryNetworks({
    networks: networks as unknown as Networks,
    instance: 'k2d',
    interfaceIdentity,
    definition: ({ namespace, name }) => {
      const text = definitions[`${namespace}/${name}`];
      return text === undefined ? undefined : { spec: { config: text } };
    },
    pods: () => pods,
  });
const podOf = (uid: string, networksText: string, spec: object = {}): Pod => ({
  metadata: { uid, name: uid, namespace: 'line', annotations: { [networksAnnotation]: networksText } },
  spec: { containers: [], ...spec },
});

beforeEach(() => {
  networks = new FakeNetworks();
  definitions = { 'line/plant': config(range) };
  pods = [];
});

describe('SecondaryNetworks', () => {
  it('gives each pod an address of the range, and makes one network for all', async () => {
    const all = make();
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((uid) => all.prepare(podOf(uid, 'plant'))));
    const [network] = [...networks.made.keys()];
    expect(network).toMatch(/^k2d-eth0-[0-9a-f]{8}$/);
    expect(networks.made.size).toBe(1);
    expect(a).toEqual({
      kind: 'ready',
      attachments: [
        { definition: 'line/plant', network, ip: '10.9.8.20', interface: 'net1', mac: '0a:58:0a:09:08:14' },
      ],
    });
    expect(b).toMatchObject({ attachments: [{ ip: '10.9.8.21' }] });
    expect(c).toEqual({ kind: 'refused', message: 'network line/plant: every address is taken' });
  });

  it('keeps what the engine already knows of a pod', async () => {
    const all = make();
    await all.prepare(podOf('a', 'plant'));
    const attachments = all.of('a');
    const later = make();
    later.adopt('a', attachmentLabels(attachments));
    expect(await later.prepare(podOf('b', 'plant'))).toMatchObject({ attachments: [{ ip: '10.9.8.21' }] });
    definitions = {};
    expect(await later.prepare(podOf('a', 'plant'))).toEqual({ kind: 'ready', attachments });
  });

  it('removes a network with its last pod, and not while another wants it', async () => {
    const all = make();
    await all.prepare(podOf('a', 'plant'));
    pods = [podOf('b', 'plant')];
    await all.release('a');
    expect(networks.made.size).toBe(1);
    await all.prepare(pods[0]!);
    pods = [];
    await all.release('b');
    expect(networks.made.size).toBe(0);
  });

  it('gives way to a definition that was changed once nobody has the network that it was', async () => {
    const all = make();
    await all.prepare(podOf('a', 'plant'));
    const [before] = [...networks.made.keys()];
    networks.inUse.add(before!);
    definitions['line/plant'] = config({ ...range, subnet: '10.9.8.0/25' });
    const refused = { kind: 'refused', message: 'cannot make its network: is already using parent interface' };
    expect(await all.prepare(podOf('b', 'plant'))).toEqual(refused);
    networks.inUse.clear();
    await all.release('a');
    expect(await all.prepare(podOf('b', 'plant'))).toMatchObject({ kind: 'ready' });
    expect([...networks.made.keys()]).not.toContain(before);
  });

  it.each([
    ['nothing', 'network line/nothing: there is no such NetworkAttachmentDefinition'],
    ['plant,line/plant', 'network line/plant: it would be joined twice'],
    ['[{"name":"plant","bandwidth":{}}]', 'network line/plant: k2d cannot carry out bandwidth'],
    ['[{"name":"plant","ips":["10.9.7.1"]}]', 'network line/plant: 10.9.7.1 is not in 10.9.8.0/24'],
    ['[{"name":"plant","ips":["10.9.8.5/25"]}]', 'network line/plant: 10.9.8.5/25 is not in 10.9.8.0/24'],
    ['[{"name":"plant","ips":["10.9.8.254"]}]', 'network line/plant: its address is taken'],
  ])('says why %s cannot be', async (text, message) => {
    expect(await make().prepare(podOf('a', text))).toEqual({ kind: 'refused', message });
  });

  it('leaves names and hardware addresses to engines that choose them', async () => {
    const all = make(false);
    expect(await all.prepare(podOf('a', 'plant'))).toMatchObject({ attachments: [{ interface: 'eth1' }] });
    expect(await all.prepare(podOf('b', 'plant@net1'))).toEqual({
      kind: 'refused',
      message: 'network line/plant: the engine names interfaces itself; this one will be eth1',
    });
    const mac = '[{"name":"plant","mac":"0a:00:00:00:00:01"}]';
    expect(await all.prepare(podOf('b', mac))).toMatchObject({
      message: 'network line/plant: the engine chooses hardware addresses itself',
    });
  });

  it('adds nothing to the host’s network', async () => {
    expect(await make().prepare(podOf('a', 'plant', { hostNetwork: true }))).toEqual({
      kind: 'ready',
      attachments: [],
    });
  });
});
