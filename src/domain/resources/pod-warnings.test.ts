import { describe, expect, it } from 'vitest';
import type { PodSpec } from '../meta/types.ts';
import { deployments } from './deployment.ts';
import { podWarnings } from './pod-warnings.ts';
import { pods } from './pod.ts';

const warn = (spec: Partial<PodSpec>, annotations = {}) =>
  podWarnings({ metadata: { annotations }, spec: { containers: [], ...spec } });

// kubernetes pkg/api/pod/warnings_test.go
describe('warnings of pods', () => {
  it.each<[Partial<PodSpec>, string[]]>([
    [{ containers: [{ name: 'a', env: [{ name: 'A', value: '1' }, { name: 'B' }] }] }, []],
    [
      {
        containers: [
          {
            name: 'a',
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
            ],
          },
        ],
      },
      ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
    ],
    [
      {
        containers: [
          {
            name: 'a',
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: 'x$(A)' },
            ],
          },
        ],
      },
      [],
    ],
    [
      { initContainers: [{ name: 'a', env: [{ name: 'A' }, { name: 'A', value: '$(A)' }] }] },
      ['spec.initContainers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
    ],
    [
      { hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }], imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}] },
      [
        'spec.hostAliases[1].ip: duplicate ip "1.1.1.1"',
        'spec.imagePullSecrets[1].name: duplicate name "a"',
        'spec.imagePullSecrets[2].name: invalid empty name ""',
      ],
    ],
    [
      {
        containers: [{ name: 'a', resources: { limits: { memory: '100m', cpu: '100m' }, requests: { memory: '1' } } }],
      },
      ['spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer'],
    ],
    [
      { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } },
      ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
    ],
    [
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'beta.kubernetes.io/arch', operator: 'Exists' }] }],
            },
          },
        },
      },
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use "kubernetes.io/arch" instead',
      ],
    ],
    [
      { topologySpreadConstraints: [{ topologyKey: 'zone', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }] },
      ['spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod'],
    ],
    [
      { terminationGracePeriodSeconds: -1 },
      ['spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1'],
    ],
  ])('%j', (spec, texts) => expect(warn(spec)).toEqual(texts));

  it.each([
    [[{ containerPort: 80 }, { containerPort: 80 }], 'duplicate port definition with spec.containers[0].ports[0]'],
    [
      [{ containerPort: 80 }, { containerPort: 80, hostPort: 80 }],
      'overlapping port definition with spec.containers[0].ports[0]',
    ],
    [
      [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 80, hostPort: 80, hostIP: '1.2.3.4' },
      ],
      'dangerously ambiguous port definition with spec.containers[0].ports[0]',
    ],
    [
      [{ containerPort: 81 }, { containerPort: 80, hostIP: '1.2.3.4', protocol: 'TCP' }],
      'hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:TCP HostIP:1.2.3.4}',
    ],
  ])('of ports %j', (ports, text) =>
    expect(warn({ containers: [{ name: 'a', ports }] })).toEqual([`spec.containers[0].ports[1]: ${text}`]),
  );

  it('of ports leave alone what differs', () =>
    expect(
      warn({
        containers: [
          { name: 'a', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] },
          {
            name: 'b',
            ports: [
              { containerPort: 81, hostPort: 1 },
              { containerPort: 82, hostPort: 2 },
            ],
          },
        ],
      }),
    ).toEqual([]));

  it('of annotations that nothing reads any more', () => {
    const annotations = {
      'scheduler.alpha.kubernetes.io/critical-pod': '',
      'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default',
      'container.seccomp.security.alpha.kubernetes.io/a': 'runtime/default',
    };
    expect(warn({ containers: [{ name: 'a' }] }, annotations)).toEqual([
      'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
      'metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead',
      'metadata.annotations[container.seccomp.security.alpha.kubernetes.io/a]: non-functional in v1.27+; use the "seccompProfile" field instead',
    ]);
  });

  it('of volumes that are gone, beside what k2d itself says', () =>
    expect(warn({ volumes: [{ name: 'v', flocker: { datasetName: 'x' } }] })).toEqual([
      'spec.volumes[0].flocker: deprecated in v1.22, non-functional in v1.25+',
      expect.stringContaining('spec.volumes[0].flocker: k2d does not mount volumes of this kind yet'),
    ]));

  it('stay few and quick, whatever is sent', () => {
    const env = Array.from({ length: 50_000 }, () => ({ name: 'A', value: '1' }));
    const ports = Array.from({ length: 50_000 }, () => ({ containerPort: 80 }));
    expect(warn({ containers: [{ name: 'a', env, ports }] })).toHaveLength(50);
  });

  it('say where in a template', () => {
    const template = { spec: { containers: [{ name: 'a', env: [{ name: 'A' }, { name: 'A' }] }] } };
    expect(deployments.warnings({ spec: { selector: {}, template } })).toEqual([
      'spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
    ]);
  });

  it('of a new name that makes an odd host name', () => {
    const metadata = { name: 'a.b', resourceVersion: '1' };
    expect(pods.warnings({ metadata: { name: 'a.b' } })[0]).toContain(
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [a lowercase RFC 1123 label",
    );
    expect(pods.warnings({ metadata })).toEqual([]);
  });
});
