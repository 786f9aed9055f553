import { describe, expect, it } from 'vitest';
import type { Container, PodSpec, Volume } from '../meta/types.ts';
import { foreignAnnotation } from './foreign-pod.ts';
import { pods } from './pod.ts';

const errorsOf = (spec: Partial<PodSpec>): string[] =>
  pods
    .validate(pods.default({ spec: { containers: [{ name: 'a', image: 'i' }], ...spec } }))
    .map(({ field, message }) => `${field}: ${message}`);

const ofContainer = (container: Partial<Container>, rest: Partial<PodSpec> = {}): string[] =>
  errorsOf({ containers: [{ name: 'a', image: 'i', ...container }], ...rest });

const label63 =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

describe('a pod', () => {
  it('that uses much of what there is is valid', () =>
    expect(
      ofContainer(
        {
          ports: [{ name: 'http', containerPort: 80, hostPort: 8080 }],
          env: [
            { name: 'A', value: '' },
            { name: 'with space', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/name']" } } },
            { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
            { name: 'K', valueFrom: { secretKeyRef: { name: 's', key: '.k' } } },
          ],
          envFrom: [{ configMapRef: { name: 'c' }, prefix: 'C_' }],
          volumeMounts: [
            { name: 'v', mountPath: '/v', subPath: 'a/b' },
            { name: 'v', mountPath: '/w' },
          ],
          resources: { limits: { cpu: '1', 'example.com/plc': '2' }, requests: { cpu: '1000m' } },
          readinessProbe: { httpGet: { port: 'http' }, successThreshold: 2 },
        },
        {
          initContainers: [{ name: 'i', image: 'i' }],
          volumes: [{ name: 'v', configMap: { name: 'c', items: [{ key: 'k', path: 'a/..b' }] } }],
          tolerations: [{ operator: 'Exists' }],
          dnsPolicy: 'None',
          dnsConfig: { nameservers: ['10.0.0.1'], searches: ['plant.local.', '.'], options: [{ name: 'ndots' }] },
          hostAliases: [{ ip: '10.0.0.2', hostnames: ['plc'] }],
        },
      ),
    ).toEqual([]));

  it('needs a container', () => expect(errorsOf({ containers: [] })).toEqual(['spec.containers: Required value']));

  it('that stands for what somebody else made is as it is', () =>
    expect(
      pods.validate({ metadata: { annotations: { [foreignAnnotation]: 'x' } }, spec: { containers: [] } }),
    ).toEqual([]));

  it.each<[string, Partial<PodSpec>]>([
    [
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"',
      { restartPolicy: 'Sometimes' },
    ],
    [
      'spec.dnsPolicy: Unsupported value: "x": supported values: "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"',
      { dnsPolicy: 'x' },
    ],
    ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None', { dnsPolicy: 'None' }],
    [
      'spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None',
      { dnsPolicy: 'None', dnsConfig: {} },
    ],
    [
      'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
      { activeDeadlineSeconds: 0 },
    ],
    [`spec.hostname: Invalid value: "A": ${label63}`, { hostname: 'A' }],
    [
      'spec.hostAliases[0].ip: Invalid value: "plc": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      { hostAliases: [{ ip: 'plc' }] },
    ],
    [
      'spec.containers[1].name: Duplicate value: "a"',
      {
        containers: [
          { name: 'a', image: 'i' },
          { name: 'a', image: 'i' },
        ],
      },
    ],
    ['spec.initContainers[0].name: Duplicate value: "a"', { initContainers: [{ name: 'a', image: 'i' }] }],
    [
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
      { initContainers: [{ name: 'i', image: 'i', livenessProbe: { tcpSocket: { port: 1 } } }] },
    ],
    ['spec.ephemeralContainers: Forbidden: cannot be set on create', { ephemeralContainers: [{ name: 'e' }] }],
    [
      'spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive',
      { securityContext: { runAsUser: -1 } },
    ],
    [
      'spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled',
      { shareProcessNamespace: true, hostPID: true },
    ],
    [
      'spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      { tolerations: [{ effect: 'NoSchedule' }] },
    ],
  ])('is refused: %s', (text, spec) => expect(errorsOf(spec)).toEqual([text]));

  it('is looked at in linear time', () => {
    const containers = Array.from({ length: 20_000 }, (_, n) => ({
      name: `c${n}`,
      image: 'i',
      ports: [{ containerPort: 1, hostPort: n + 1 }],
    }));
    expect(errorsOf({ containers })).toEqual([]);
  });
});

describe('a container', () => {
  it.each<[string, Partial<Container>]>([
    ['spec.containers[0].name: Required value', { name: '' }],
    [`spec.containers[0].name: Invalid value: "A": ${label63}`, { name: 'A' }],
    ['spec.containers[0].image: Required value', { image: '' }],
    ['spec.containers[0].image: Invalid value: " i": must not have leading or trailing whitespace', { image: ' i' }],
    [
      'spec.containers[0].imagePullPolicy: Unsupported value: "x": supported values: "Always", "IfNotPresent", "Never"',
      { imagePullPolicy: 'x' },
    ],
    ['spec.containers[0].ports[0].containerPort: Required value', { ports: [{ containerPort: 0 }] }],
    [
      'spec.containers[0].ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive',
      { ports: [{ containerPort: 65_536 }] },
    ],
    [
      'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
      { ports: [{ containerPort: 1, protocol: 'tcp' }] },
    ],
    [
      'spec.containers[0].ports[1].name: Duplicate value: "p"',
      {
        ports: [
          { name: 'p', containerPort: 1 },
          { name: 'p', containerPort: 2 },
        ],
      },
    ],
    [
      'spec.containers[0].ports[0].name: Invalid value: "1": must contain at least one letter (a-z)',
      { ports: [{ name: '1', containerPort: 1 }] },
    ],
    [
      'spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"',
      {
        ports: [
          { containerPort: 1, hostPort: 80 },
          { containerPort: 2, hostPort: 80 },
        ],
      },
    ],
    ['spec.containers[0].env[0].name: Required value', { env: [{ name: '' }] }],
    [
      'spec.containers[0].env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than \'=\'',
      { env: [{ name: 'A=B' }] },
    ],
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
      { env: [{ name: 'A', valueFrom: {} }] },
    ],
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
      { env: [{ name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
    ],
    [
      'spec.containers[0].env[0].valueFrom.secretKeyRef.key: Required value',
      { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: '' } } }] },
    ],
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "status.x": error converting fieldPath: field label not supported: status.x',
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.x' } } }] },
    ],
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.phase' } } }] },
    ],
    [
      'spec.containers[0].envFrom[0]: Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
      { envFrom: [{}] },
    ],
    ['spec.containers[0].volumeMounts[0].name: Not found: "x"', { volumeMounts: [{ name: 'x', mountPath: '/x' }] }],
    [
      'spec.containers[0].resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      { resources: { limits: { cpu: '-1' }, requests: { cpu: '-1' } } },
    ],
    [
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
      { resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } },
    ],
    [
      'spec.containers[0].resources.requests[plc]: Invalid value: "plc": must be a standard resource for containers',
      { resources: { requests: { plc: '1' } } },
    ],
    ['spec.containers[0].livenessProbe: Required value: must specify a handler type', { livenessProbe: {} }],
    [
      'spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
      { livenessProbe: { httpGet: { port: 1 }, tcpSocket: { port: 1 } } },
    ],
    [
      'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
      { livenessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 } },
    ],
    [
      'spec.containers[0].readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0',
      { readinessProbe: { tcpSocket: { port: 1 }, periodSeconds: -1 } },
    ],
    [
      'spec.containers[0].readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive',
      { readinessProbe: { httpGet: { port: 0 } } },
    ],
    ['spec.containers[0].lifecycle.preStop.exec.command: Required value', { lifecycle: { preStop: { exec: {} } } }],
    [
      'spec.containers[0].securityContext: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      { securityContext: { privileged: true, allowPrivilegeEscalation: false } },
    ],
  ])('is refused: %s', (text, container) => expect(ofContainer(container)).toContain(text));
});

describe('stop signals', () => {
  const ending = (stopSignal: string, spec: object = { os: { name: 'linux' } }) =>
    errorsOf({ containers: [{ name: 'a', image: 'i', lifecycle: { stopSignal } }], ...spec });

  it.each(['SIGTERM', 'SIGUSR1', 'SIGRTMIN+3'])('%s', (signal) => expect(ending(signal)).toEqual([]));

  it('are of a system, and are signals', () => {
    expect(ending('SIGTERM', {})).toEqual([
      'spec.containers[0].lifecycle.stopSignal: Forbidden: may not be set for containers with empty `spec.os.name`',
    ]);
    expect(ending('SIGNOW')[0]).toContain('lifecycle.stopSignal: Unsupported value: "SIGNOW"');
  });
});

describe('volumes', () => {
  const ofVolume = (source: Omit<Volume, 'name'>): string[] => errorsOf({ volumes: [{ name: 'v', ...source }] });
  const volumes = [{ name: 'v' }];

  it.each([
    [
      [
        { name: 'v', mountPath: '/a' },
        { name: 'v', mountPath: '/a' },
      ],
      '[1].mountPath: Invalid value: "/a": must be unique',
    ],
    [[{ name: 'v', mountPath: 'a' }], '[0].mountPath: Invalid value: "a": must be an absolute path'],
    [
      [{ name: 'v', mountPath: '/a', subPath: 'x/../..' }],
      `[0].subPath: Invalid value: "x/../..": must not contain '..'`,
    ],
    [[{ name: 'v', mountPath: '/a', subPath: '/x' }], '[0].subPath: Invalid value: "/x": must be a relative path'],
  ])('are not mounted as %j', (volumeMounts, text) =>
    expect(ofContainer({ volumeMounts }, { volumes })).toEqual([`spec.containers[0].volumeMounts${text}`]),
  );

  it.each<[string, Omit<Volume, 'name'>]>([
    ['.hostPath: Forbidden: may not specify more than 1 volume type', { emptyDir: {}, hostPath: { path: '/' } }],
    ['.hostPath.path: Required value', { hostPath: { path: '' } }],
    [`.hostPath.path: Invalid value: "/a/../etc": must not contain '..'`, { hostPath: { path: '/a/../etc' } }],
    [
      '.hostPath.type: Unsupported value: "Pipe": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
      { hostPath: { path: '/', type: 'Pipe' } },
    ],
    ['.secret.secretName: Required value', { secret: {} }],
    ['.configMap.name: Required value', { configMap: {} }],
    [
      '.configMap.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive',
      { configMap: { name: 'c', defaultMode: 512 } },
    ],
    [
      `.configMap.items[0].path: Invalid value: "../x": must not contain '..'`,
      { configMap: { name: 'c', items: [{ key: 'k', path: '../x' }] } },
    ],
    [
      `.secret.items[0].path: Invalid value: "..data": must not start with '..'`,
      { secret: { secretName: 's', items: [{ key: 'k', path: '..data' }] } },
    ],
    [
      '.projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
      { projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 60 } }] } },
    ],
    [
      '.projected.sources[0].secret: Forbidden: may not specify more than 1 volume type per source',
      { projected: { sources: [{ configMap: { name: 'c' }, secret: { name: 's' } }] } },
    ],
    [
      '.downwardAPI.items[0]: Required value: one of fieldRef and resourceFieldRef required',
      { downwardAPI: { items: [{ path: 'p' }] } },
    ],
    [
      '.downwardAPI.items[0].resourceFieldRef.containerName: Required value',
      { downwardAPI: { items: [{ path: 'p', resourceFieldRef: { resource: 'limits.cpu' } }] } },
    ],
  ])('are refused: spec.volumes[0]%s', (text, source) => expect(ofVolume(source)).toEqual([`spec.volumes[0]${text}`]));

  it('have names of their own', () =>
    expect(errorsOf({ volumes: [{ name: 'v' }, { name: 'v' }] })).toEqual([
      'spec.volumes[1].name: Duplicate value: "v"',
    ]));
});
