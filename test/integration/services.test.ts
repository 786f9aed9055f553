import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kubectl } from '../clients/kubectl.ts';
import { OutsideMachine } from '../conformance/dataplane/outside-machine.ts';
import { askWith, PEER, peerIn } from '../conformance/dataplane/place.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import { K2D_IMAGE } from './k2d.ts';
import { busybox, containerIds, deployment, podRows } from './pods.ts';
import { useK2d } from './use-k2d.ts';

/** Where a pod finds the other end of the conversation: k2d's image has the Node to run it. */
const peer = async () => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'peer' },
  data: { 'peer.mjs': await readFile(PEER, 'utf8') },
});

/** Pods that answer their name on port 8080, TCP and UDP, and are ready while a file is there. */
const answering = (name: string, replicas: number) =>
  deployment(
    name,
    {
      containers: [
        {
          name: 'main',
          image: K2D_IMAGE,
          command: ['node', '/peer/peer.mjs', 'serve', '$(POD)', '0.0.0.0', '8080'],
          env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
          volumeMounts: [{ name: 'peer', mountPath: '/peer' }],
        },
        busybox('touch /tmp/ready; exec httpd -f -p 8081 -h /tmp', {
          name: 'readiness',
          readinessProbe: {
            httpGet: { path: '/ready', port: 8081 },
            periodSeconds: 1,
            failureThreshold: 1,
            timeoutSeconds: 10,
          },
        }),
      ],
      volumes: [{ name: 'peer', configMap: { name: 'peer' } }],
    },
    { replicas },
  );

const service = (name: string, app: string, nodePort?: number) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: {
    ...(nodePort === undefined ? {} : { type: 'NodePort' }),
    selector: { app },
    ports: ['TCP', 'UDP'].map((protocol) => ({
      name: protocol.toLowerCase(),
      protocol,
      port: 80,
      targetPort: 8080,
      ...(nodePort === undefined ? {} : { nodePort }),
    })),
  },
});

/** How peer.mjs is started in one place or another. */
type Peer = readonly string[];

const PROTOCOLS = ['tcp', 'udp'] as const;
const HOST = peerIn([]);

describe.each(engines)('services on $kind', (engine) => {
  const k2d = useK2d(engine, 'services');
  const outside = new OutsideMachine(`it-${engine.kind}`, engine.kind === 'docker' ? '10.192.0' : '10.192.1');
  const nodePort = k2d.config.nodePorts.first;
  let kubectl: Kubectl;
  let names: string[];
  let clusterIp: string;
  let client: Peer;
  let backend: Peer;

  const peerOf = async (pod: string): Promise<Peer> => {
    const { main } = await containerIds(kubectl, pod);
    return [...engine.cli, 'exec', main!, 'node', '/peer/peer.mjs'];
  };
  const podNames = async (app: string) => (await podRows(kubectl, `-l app=${app}`)).map(({ name }) => name);
  const hearsAll = async (place: () => Peer, protocol: 'tcp' | 'udp', address: string, port: number) => {
    await eventually(`all pods and nobody else answer at ${address}:${port}`, async () => {
      const heard = (await askWith(place(), protocol, address, port, 12)).map((line) => line.split(' ')[0]!);
      return [...new Set(heard)].toSorted().join() === names.toSorted().join() ? true : undefined;
    });
  };

  beforeAll(async () => {
    await outside.close();
    await outside.open();
    kubectl = await k2d.namespace('plant');
    await kubectl.apply(await peer(), service('before', 'web'), answering('web', 2), answering('client', 1));
    await kubectl.run('rollout status deployment/web --timeout=100s');
    await kubectl.run('rollout status deployment/client --timeout=100s');
    names = await podNames('web');
    client = await peerOf((await podNames('client'))[0]!);
    backend = await peerOf(names[0]!);
  });
  afterAll(() => outside.close());

  it('a Service that comes later needs no new container', async () => {
    const containers = () => kubectl.run('get pods -o jsonpath={.items[*].status.containerStatuses[*].containerID}');
    const before = await containers();
    await kubectl.apply(service('after', 'web', nodePort));
    clusterIp = await kubectl.run('get service after -o jsonpath={.spec.clusterIP}');
    await hearsAll(() => client, 'tcp', 'after', 80);
    expect(await containers()).toBe(before);
  });

  describe.each(PROTOCOLS)('%s', (protocol) => {
    it.each(['before', 'after', 'after.plant', 'after.plant.svc', 'after.plant.svc.cluster.local'])(
      'a pod reaches every pod by the name %s',
      (name) => hearsAll(() => client, protocol, name, 80),
    );

    it.each<[string, () => Peer, () => string, 'port' | 'nodePort']>([
      ['the host, by ClusterIP', () => HOST, () => clusterIp, 'port'],
      ['a pod, by ClusterIP', () => client, () => clusterIp, 'port'],
      ["the Service's own pod, by ClusterIP", () => backend, () => clusterIp, 'port'],
      ["the Service's own pod, by name", () => backend, () => 'after', 'port'],
      ['the host, by localhost and NodePort', () => HOST, () => '127.0.0.1', 'nodePort'],
      ['another machine, by NodePort', () => peerIn(outside.place), () => outside.hostAddress, 'nodePort'],
      ['a pod, by NodePort', () => client, () => outside.hostAddress, 'nodePort'],
    ])('%s', (_, place, address, port) => hearsAll(place, protocol, address(), port === 'port' ? 80 : nodePort));
  });

  it('only pods that are ready are asked, and a Service without any says no at once', async () => {
    const addresses = () => kubectl.run('get endpoints after -o jsonpath={.subsets[*].addresses[*].targetRef.name}');
    const setReady = async (name: string, ready: boolean) => {
      const { readiness } = await containerIds(kubectl, name);
      await engineCli(engine, 'exec', readiness!, ready ? 'touch' : 'rm', '/tmp/ready');
    };
    await setReady(names[0]!, false);
    await eventually('one endpoint is left', async () => ((await addresses()) === names[1] ? true : undefined));
    await eventually('only it answers', async () => {
      const heard = await askWith(client, 'tcp', 'after', 80, 8);
      return heard.every((line) => line.startsWith(names[1]!)) ? true : undefined;
    });
    await setReady(names[1]!, false);
    await eventually('nobody answers', async () =>
      (await askWith(client, 'tcp', 'after', 80))[0] === 'ECONNREFUSED' ? true : undefined,
    );
    expect(await kubectl.run('get endpointslices -o wide')).toContain('8080');
    await setReady(names[0]!, true);
    await setReady(names[1]!, true);
    await hearsAll(() => client, 'tcp', 'after', 80);
  });

  it('follows its pods when they change, and ends when it is deleted', async () => {
    await kubectl.run('scale deployment/web --replicas=3');
    await kubectl.run('rollout status deployment/web --timeout=100s');
    names = await podNames('web');
    await hearsAll(() => HOST, 'tcp', '127.0.0.1', nodePort);
    await kubectl.run('delete service after');
    await eventually('nobody answers', async () =>
      (await askWith(HOST, 'tcp', '127.0.0.1', nodePort))[0] === 'ECONNREFUSED' ? true : undefined,
    );
  });
});
