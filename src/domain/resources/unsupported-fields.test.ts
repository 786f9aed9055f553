import { describe, expect, it } from 'vitest';
import type { PodSpec } from '../meta/types.ts';
import { deployments } from './deployment.ts';
import { pods } from './pod.ts';
import { services } from './service.ts';

const warningsOf = (spec: Partial<PodSpec>): string[] => {
  const pod = pods.default({ metadata: { name: 'p' }, spec: { containers: [{ name: 'a', image: 'i' }], ...spec } });
  return pods.warnings(pod);
};

describe('warnings of pods', () => {
  it('are none for what the kubelet does', () =>
    expect(
      warningsOf({
        containers: [
          {
            name: 'a',
            image: 'i',
            readinessProbe: { httpGet: { port: 80 } },
            livenessProbe: { tcpSocket: { port: 80 } },
            volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 's', mountPropagation: 'None' }],
            securityContext: { seccompProfile: { type: 'Unconfined' }, seLinuxOptions: { type: 't' } },
          },
        ],
        initContainers: [{ name: 'i', image: 'i' }],
        volumes: [
          { name: 'v', emptyDir: { medium: 'Memory' } },
          { name: 'h', hostPath: { path: '/dev' } },
        ],
        hostNetwork: true,
        shareProcessNamespace: true,
        affinity: {},
      }),
    ).toEqual([]));

  it.each<[string, Partial<PodSpec>]>([
    [
      'spec.containers[1].restartPolicy: k2d does not restart containers by a policy of their own yet; the field is kept and has no effect',
      { containers: [{ name: 'a' }, { name: 'b', restartPolicy: 'Never' }] },
    ],
    [
      "spec.securityContext.supplementalGroupsPolicy: k2d does not keep the image's groups out of containers without runAsGroup yet; they stay out of the others",
      { securityContext: { supplementalGroupsPolicy: 'Strict' } },
    ],
    [
      'spec.volumes[0].nfs: k2d does not mount volumes of this kind yet; a pod that mounts it does not start',
      { volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] },
    ],
  ])('say %s', (warning, spec) => expect(warningsOf(spec)).toEqual([warning]));

  it('name the place in a template', () =>
    expect(
      deployments.warnings({
        spec: { selector: {}, template: { spec: { containers: [], runtimeClassName: 'gvisor' } } },
      }),
    ).toEqual([
      'spec.template.spec.runtimeClassName: k2d does not choose runtimes yet; the field is kept and has no effect',
    ]));

  it('are at most 50', () => {
    const container = { name: 'a', restartPolicy: 'Never' };
    expect(warningsOf({ containers: Array.from({ length: 1000 }, () => container) })).toHaveLength(50);
  });
});

describe('warnings of services', () => {
  it('tell that nobody balances', () =>
    expect(services.warnings({ spec: { type: 'LoadBalancer' } })).toEqual([
      'spec.type: k2d does not provide load balancers yet; the service is reached by its node ports',
    ]));
  it('are none for node ports', () => expect(services.warnings({ spec: { type: 'NodePort' } })).toEqual([]));
});
