import { describe, expect, it } from 'vitest';
import type { ContainerStatus, ObservedConfig } from '../../container-runtime/container.ts';
import { observedContainer, running } from '../pod/observed-fixture.ts';
import type { ForeignGroup } from './foreign-group.ts';
import { foreignPod } from './foreign-pod.ts';

const container = (name: string, config: Partial<ObservedConfig>, more: Partial<ContainerStatus> = {}) => {
  const found = observedContainer(name, running, { labels: {}, ...more });
  return { ...found, config: { ...found.config, ...config } };
};

const group = (containers: ContainerStatus[], more: Partial<ForeignGroup> = {}): ForeignGroup => ({
  id: 'id-web',
  name: 'web',
  labels: {},
  ports: [],
  mountpoints: new Map(),
  ...more,
  containers,
});

const specOf = (config: Partial<ObservedConfig>, more: Partial<ForeignGroup> = {}) =>
  foreignPod(group([container('web', config)], more), 'web', 'plc').spec;
const containerOf = (config: Partial<ObservedConfig>) => specOf(config).containers[0]!;

describe('foreignPod', () => {
  it('says what a container was made with, and nothing else', () => {
    expect(containerOf({})).toEqual({
      name: 'web',
      image: 'busybox:1',
      imagePullPolicy: 'IfNotPresent',
      resources: {},
    });
    expect(
      containerOf({
        command: ['sh'],
        args: ['-c', 'echo $(date)'],
        workingDir: '/w',
        user: '1000:50',
        tty: true,
        stdin: true,
        privileged: true,
        readOnlyRootfs: true,
        capAdd: ['NET_ADMIN'],
        capDrop: ['ALL'],
        ports: [{ containerPort: 80, hostPort: 8080, hostIp: '127.0.0.1', protocol: 'tcp' }],
        resources: { memoryBytes: 64 * 2 ** 20, cpuMillis: 500 },
      }),
    ).toEqual({
      name: 'web',
      image: 'busybox:1',
      imagePullPolicy: 'IfNotPresent',
      command: ['sh'],
      args: ['-c', 'echo $$(date)'],
      workingDir: '/w',
      tty: true,
      stdin: true,
      ports: [{ containerPort: 80, hostPort: 8080, hostIP: '127.0.0.1', protocol: 'TCP' }],
      resources: { limits: { memory: '64Mi', cpu: '500m' } },
      securityContext: {
        privileged: true,
        runAsUser: 1000,
        runAsGroup: 50,
        readOnlyRootFilesystem: true,
        capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
      },
    });
  });

  it('shows no value that is secret by its name or its form', () =>
    expect(
      containerOf({ env: { MODE: 'fast', DB_PASSWORD: 'x', BROKER: 'mqtt://me:pw@host', EMPTY_TOKEN: '' } }).env,
    ).toEqual([
      { name: 'MODE', value: 'fast' },
      { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'web-environment', key: 'web.DB_PASSWORD' } } },
      { name: 'BROKER', valueFrom: { secretKeyRef: { name: 'web-environment', key: 'web.BROKER' } } },
      { name: 'EMPTY_TOKEN', value: '' },
    ]));

  it('shows where things are mounted from', () => {
    const mounts: ObservedConfig['mounts'] = [
      { kind: 'bind', source: '/etc/x', target: '/x', readOnly: true, propagation: 'private' },
      { kind: 'volume', volume: 'data', target: '/data', readOnly: false },
      { kind: 'volume', volume: 'f'.repeat(64), target: '/anonymous', readOnly: false },
      { kind: 'tmpfs', target: '/tmp', sizeBytes: 2 ** 20 },
    ];
    const mountpoints = new Map([['data', '/volumes/data']]);
    const { volumes, containers } = specOf({ mounts, devices: ['/dev/ttyS0'] }, { mountpoints });
    expect(volumes).toEqual([
      { name: 'volume-0', hostPath: { path: '/etc/x' } },
      { name: 'volume-1', hostPath: { path: '/volumes/data' } },
      { name: 'volume-2', emptyDir: {} },
      { name: 'volume-3', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
      { name: 'volume-4', hostPath: { path: '/dev/ttyS0', type: 'CharDevice' } },
    ]);
    expect(containers[0]!.volumeMounts).toEqual([
      { name: 'volume-0', mountPath: '/x', readOnly: true },
      { name: 'volume-1', mountPath: '/data', mountPropagation: 'HostToContainer' },
      { name: 'volume-2', mountPath: '/anonymous' },
      { name: 'volume-3', mountPath: '/tmp' },
      { name: 'volume-4', mountPath: '/dev/ttyS0' },
    ]);
  });

  it('tells Compose projects by the usual labels; what is no label is an annotation, and k2d’s own names are nobody’s', () => {
    const labels = {
      'com.docker.compose.project': 'shop',
      'com.docker.compose.service': 'web',
      'com.docker.compose.project.config_files': '/srv/a.yaml,/srv/b.yaml',
      'k2d.io/adopted': '{}',
      'k2d.io/foreign': 'x',
      'not a key': 'x',
    };
    const { metadata } = foreignPod(group([container('web', {})], { labels }), 'web', 'plc');
    expect(metadata).toMatchObject({
      labels: {
        'app.kubernetes.io/name': 'web',
        'app.kubernetes.io/part-of': 'shop',
        'app.kubernetes.io/managed-by': 'compose',
        'com.docker.compose.project': 'shop',
        'com.docker.compose.service': 'web',
      },
    });
    expect(metadata!.annotations).toEqual({
      'com.docker.compose.project.config_files': '/srv/a.yaml,/srv/b.yaml',
      'k2d.io/foreign': 'id-web',
    });
  });

  it('names containers that share a network by their Compose services, each once, and gives the pod the strongest policy', () => {
    const service = { 'com.docker.compose.service': 'Worker' };
    const containers = [
      container('shop-web-1', { restart: 'no' }),
      container('shop-worker-1', { restart: 'on-failure' }, { labels: service }),
      container('shop-worker-2', { restart: 'no' }, { labels: service, id: 'abcdefgh' }),
    ];
    const { spec } = foreignPod(group(containers), 'shop', 'plc');
    expect(spec.containers.map(({ name }) => name)).toEqual(['shop-web-1', 'worker', 'worker-abcde']);
    expect(spec.restartPolicy).toBe('OnFailure');
  });

  it('publishes the ports of a Podman pod with its first container', () => {
    const ports = [{ containerPort: 80, hostPort: 8080, protocol: 'tcp' as const }];
    const { spec } = foreignPod(group([container('a', {}), container('b', {})], { ports }), 'web', 'plc');
    expect(spec.containers.map((c) => c.ports?.[0]?.hostPort)).toEqual([8080, undefined]);
  });

  it.each([
    ['a name that somebody gave', 'plc-7', 'plc-7'],
    ['the beginning of its id', 'id-w', undefined],
    ['what Kubernetes does not allow', 'My_Host', undefined],
  ])('as hostname: %s', (_, hostname, expected) => expect(specOf({ hostname }).hostname).toBe(expected));
});
