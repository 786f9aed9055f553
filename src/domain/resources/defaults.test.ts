import { describe, expect, it } from 'vitest';
import type { Pod, PodSpec } from '../meta/types.ts';
import { catalog } from './catalog.ts';
import { defaultPullPolicy } from './default-pull-policy.ts';
import { deployments } from './deployment.ts';
import { endpointSlices } from './endpoint-slice.ts';
import { endpoints } from './endpoints.ts';
import { namespaces } from './namespace.ts';
import { pods } from './pod.ts';
import { qosClass } from './qos-class.ts';
import { replicaSets } from './replica-set.ts';
import { secrets } from './secret.ts';
import { services } from './service.ts';

const defaulted = (spec: Partial<PodSpec>): PodSpec =>
  pods.default({ spec: { containers: [{ name: 'a', image: 'busybox:1.35' }], ...spec } }).spec!;

describe('defaults of pods', () => {
  it('are those of Kubernetes', () =>
    expect(pods.default({ metadata: { name: 'p' }, spec: { containers: [{ name: 'a', image: 'busybox' }] } })).toEqual({
      metadata: { name: 'p' },
      spec: {
        dnsPolicy: 'ClusterFirst',
        restartPolicy: 'Always',
        securityContext: {},
        terminationGracePeriodSeconds: 30,
        schedulerName: 'default-scheduler',
        enableServiceLinks: true,
        containers: [
          {
            name: 'a',
            image: 'busybox',
            imagePullPolicy: 'Always',
            terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
            resources: {},
          },
        ],
      },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    }));

  it('leave alone what is said', () => {
    const spec: Partial<PodSpec> = {
      dnsPolicy: 'None',
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      enableServiceLinks: false,
    };
    expect(defaulted(spec)).toMatchObject(spec);
  });

  it('fill the probe, whose zeros are open', () =>
    expect(
      defaulted({
        containers: [
          {
            name: 'a',
            livenessProbe: { httpGet: { port: 80 }, timeoutSeconds: 0 },
            startupProbe: { grpc: { port: 1 }, periodSeconds: 3 },
          },
        ],
      }).containers[0],
    ).toMatchObject({
      livenessProbe: {
        httpGet: { path: '/', scheme: 'HTTP', port: 80 },
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 3,
      },
      startupProbe: { grpc: { port: 1, service: '' }, periodSeconds: 3 },
    }));

  it('request what is limited', () =>
    expect(
      defaulted({
        containers: [{ name: 'a', resources: { limits: { cpu: '1', memory: '64Mi' }, requests: { cpu: '500m' } } }],
      }).containers[0]?.resources,
    ).toEqual({ limits: { cpu: '1', memory: '64Mi' }, requests: { cpu: '500m', memory: '64Mi' } }));

  it('open host ports on the host network', () =>
    expect(
      defaulted({ hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] }).containers[0]
        ?.ports,
    ).toEqual([{ containerPort: 80, hostPort: 80, protocol: 'TCP' }]));

  it('fill volumes', () =>
    expect(
      defaulted({
        volumes: [
          { name: 'none' },
          { name: 'secret', secret: { secretName: 's' } },
          { name: 'map', configMap: { name: 'c', defaultMode: 0 } },
          { name: 'host', hostPath: { path: '/dev' } },
          { name: 'image', image: { reference: 'busybox' } },
          {
            name: 'all',
            projected: {
              sources: [
                { serviceAccountToken: { path: 'token' } },
                { downwardAPI: { items: [{ path: 'n', fieldRef: { fieldPath: 'metadata.name' } }] } },
              ],
            },
          },
        ],
      }).volumes,
    ).toEqual([
      { name: 'none', emptyDir: {} },
      { name: 'secret', secret: { secretName: 's', defaultMode: 420 } },
      { name: 'map', configMap: { name: 'c', defaultMode: 0 } },
      { name: 'host', hostPath: { path: '/dev', type: '' } },
      { name: 'image', image: { reference: 'busybox', pullPolicy: 'Always' } },
      {
        name: 'all',
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
            { downwardAPI: { items: [{ path: 'n', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }] } },
          ],
        },
      },
    ]));

  it('name the field of the downward API in variables', () =>
    expect(
      defaulted({
        containers: [{ name: 'a', env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }],
      }).containers[0]?.env,
    ).toEqual([{ name: 'N', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } }]));

  it.each([{ serviceAccountName: 'plc' }, { serviceAccount: 'plc' }])(
    'fill both names of the account from %j',
    (spec) => expect(defaulted(spec)).toMatchObject({ serviceAccountName: 'plc', serviceAccount: 'plc' }),
  );
});

describe('defaultPullPolicy', () => {
  it.each([
    ['busybox', 'Always'],
    ['busybox:latest', 'Always'],
    ['registry:5000/busybox', 'Always'],
    ['busybox:1.35', 'IfNotPresent'],
    ['registry:5000/busybox:1.35', 'IfNotPresent'],
    ['busybox@sha256:0123', 'IfNotPresent'],
  ])('of %s is %s', (image, policy) => expect(defaultPullPolicy(image)).toBe(policy));
});

describe('qosClass', () => {
  const both = { cpu: '1', memory: '64Mi' };
  it.each([
    ['BestEffort', [{}]],
    ['BestEffort', [{ resources: { requests: { 'ephemeral-storage': '1Gi' } } }]],
    ['Burstable', [{ resources: { requests: { cpu: '1' } } }]],
    ['Burstable', [{ resources: { limits: both, requests: both } }, {}]],
    ['Burstable', [{ resources: { limits: both, requests: { ...both, cpu: '999m' } } }]],
    ['Guaranteed', [{ resources: { limits: both, requests: { cpu: '1000m', memory: '65536Ki' } } }]],
  ])('is %s for %j', (expected, containers) =>
    expect(qosClass({ containers: containers.map((container) => ({ name: 'a', ...container })) })).toBe(expected),
  );
});

describe('defaults of workloads', () => {
  const template = {
    spec: { containers: [{ name: 'a', image: 'busybox:1.35', resources: { limits: { cpu: '1' } } }] },
  };
  const selector = { matchLabels: { app: 'web' } };

  it('are those of Kubernetes', () =>
    expect(deployments.default({ spec: { selector, template } }).spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: { spec: { restartPolicy: 'Always', schedulerName: 'default-scheduler' } },
    }));

  it('leave to pods what only pods get', () => {
    const spec = deployments.default({ spec: { selector, template } }).spec?.template.spec;
    expect(spec).not.toHaveProperty('enableServiceLinks');
    expect(spec?.containers[0]?.resources).toEqual({ limits: { cpu: '1' } });
  });

  it('keep a replica count of zero and a strategy of its own', () =>
    expect(
      deployments.default({ spec: { replicas: 0, selector, template, strategy: { type: 'Recreate' } } }).spec,
    ).toMatchObject({ replicas: 0, strategy: { type: 'Recreate' } }));

  it('fill replica sets', () =>
    expect(replicaSets.default({ spec: { selector, template } })).toMatchObject({
      spec: { replicas: 1, template: { spec: { dnsPolicy: 'ClusterFirst' } } },
      status: { replicas: 0 },
    }));
});

describe('defaults of services', () => {
  it.each([
    [
      { ports: [{ port: 80 }] },
      {
        type: 'ClusterIP',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
      },
    ],
    [{ ports: [{ port: 80, targetPort: 'http' }] }, { ports: [{ targetPort: 'http' }] }],
    [{ type: 'NodePort' }, { externalTrafficPolicy: 'Cluster' }],
    [{ type: 'LoadBalancer' }, { allocateLoadBalancerNodePorts: true, externalTrafficPolicy: 'Cluster' }],
    [{ sessionAffinity: 'ClientIP' }, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }],
  ])('make of %j %j', (spec, expected) =>
    expect(services.default({ spec })).toMatchObject({ spec: expected, status: { loadBalancer: {} } }),
  );

  it('give external names no traffic policy', () =>
    expect(services.default({ spec: { type: 'ExternalName' } }).spec).toEqual({
      type: 'ExternalName',
      sessionAffinity: 'None',
    }));
});

describe('defaults of the other kinds', () => {
  it('label a namespace with its name', () =>
    expect(namespaces.default({ metadata: { name: 'shop', labels: { a: 'b' } } })).toEqual({
      metadata: { name: 'shop', labels: { a: 'b', 'kubernetes.io/metadata.name': 'shop' } },
      status: { phase: 'Active' },
    }));

  it('fold the text of a secret into its data', () =>
    expect(secrets.default({ data: { a: 'QQ==', b: 'Qg==' }, stringData: { b: 'β' } })).toEqual({
      type: 'Opaque',
      data: { a: 'QQ==', b: 'zrI=' },
    }));

  it('name the protocol of endpoints', () => {
    expect(endpoints.default({ subsets: [{ ports: [{ port: 80 }] }] }).subsets?.[0]?.ports).toEqual([
      { port: 80, protocol: 'TCP' },
    ]);
    expect(endpointSlices.default({ addressType: 'IPv4', endpoints: [], ports: [{ port: 80 }] }).ports).toEqual([
      { name: '', port: 80, protocol: 'TCP' },
    ]);
  });
});

describe('defaults of every kind', () => {
  it('do not change when applied again, and never throw on what was left out', () => {
    for (const definition of catalog) {
      const once = definition.default({ metadata: { name: 'x' } });
      expect(definition.default(once)).toEqual(once);
    }
  });

  it('leave their argument alone', () => {
    const pod: Pod = Object.freeze({ spec: Object.freeze({ containers: [] }) });
    expect(() => pods.default(pod)).not.toThrow();
  });
});
