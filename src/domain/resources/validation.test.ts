import { describe, expect, it } from 'vitest';
import type { Deployment, KubernetesObject, Service } from '../meta/types.ts';
import { configMaps } from './config-map.ts';
import { deployments } from './deployment.ts';
import { endpointSlices } from './endpoint-slice.ts';
import { endpoints } from './endpoints.ts';
import { events } from './event.ts';
import { nodes } from './node.ts';
import { replicaSets } from './replica-set.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { secrets } from './secret.ts';
import { services } from './service.ts';

const textsOf = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const refused = <T extends KubernetesObject>(definition: ResourceDefinition<T>, object: T): string[] =>
  textsOf(definition.validate(definition.default(object)));

type Spec<T extends { spec?: unknown }> = NonNullable<T['spec']>;

describe('deployments', () => {
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'i' }] } };
  const spec: Spec<Deployment> = { selector: { matchLabels: labels }, template };

  it('of the usual kind are valid', () => expect(refused(deployments, { spec })).toEqual([]));

  it.each<[string, Partial<Spec<Deployment>>]>([
    ['spec.replicas: Invalid value: -1: must be greater than or equal to 0', { replicas: -1 }],
    ['spec.selector: Invalid value: {}: empty selector is invalid for deployment', { selector: {} }],
    [
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      { selector: { matchLabels: { app: 'db' } } },
    ],
    [
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } },
    ],
    [
      'spec.template.spec.containers[0].image: Required value',
      { template: { ...template, spec: { containers: [{ name: 'a' }] } } },
    ],
    [
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '0%', maxUnavailable: 0 } } },
    ],
    [
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
      { strategy: { rollingUpdate: { maxUnavailable: '101%' } } },
    ],
    [
      "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"few\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      { strategy: { rollingUpdate: { maxSurge: 'few' } } },
    ],
    [
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
      { strategy: { type: 'Recreate', rollingUpdate: {} } },
    ],
    [
      'spec.strategy.type: Unsupported value: "Slow": supported values: "Recreate", "RollingUpdate"',
      { strategy: { type: 'Slow' } },
    ],
    [
      'spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds',
      { minReadySeconds: 5, progressDeadlineSeconds: 5 },
    ],
    [
      'spec.selector.matchExpressions[0].operator: Unsupported value: "Like": supported values: "DoesNotExist", "Exists", "In", "NotIn"',
      { selector: { matchLabels: labels, matchExpressions: [{ key: 'app', operator: 'Like' }] } },
    ],
  ])('are refused: %s', (text, change) =>
    expect(refused(deployments, { spec: { ...spec, ...change } })).toEqual([text]),
  );

  it('without anything are refused, not a surprise', () =>
    expect(refused(deployments, {})).toEqual([
      'spec.selector: Required value',
      'spec.template.spec.containers: Required value',
    ]));

  it('and replica sets keep their selector', () => {
    const next = { spec: { ...spec, selector: { matchLabels: { app: 'db' } } } };
    const text = 'spec.selector: Invalid value: {"matchLabels":{"app":"db"}}: field is immutable';
    expect(textsOf(deployments.validateUpdate(next, { spec }))).toEqual([text]);
    expect(textsOf(replicaSets.validateUpdate(next, { spec }))).toEqual([text]);
    expect(deployments.validateUpdate({ spec }, { spec })).toEqual([]);
  });

  it('make replica sets of the same rules', () => {
    expect(refused(replicaSets, { spec })).toEqual([]);
    expect(refused(replicaSets, { spec: { ...spec, selector: {}, replicas: -2 } })).toEqual([
      'spec.replicas: Invalid value: -2: must be greater than or equal to 0',
      'spec.selector: Invalid value: {}: empty selector is invalid for replicaset',
    ]);
  });
});

describe('services', () => {
  const http = { name: 'http', port: 80 };

  it.each<Spec<Service>>([
    { clusterIP: '10.43.0.7', clusterIPs: ['10.43.0.7'], ports: [http, { name: 'dns', port: 53, protocol: 'UDP' }] },
    { clusterIP: 'None', clusterIPs: ['None'] },
    { type: 'ExternalName', externalName: 'plc.plant.' },
    { type: 'NodePort', ports: [{ ...http, nodePort: 30_080, targetPort: 'http' }] },
  ])('such as %j are valid', (spec) => expect(refused(services, { spec })).toEqual([]));

  it.each<[string, Spec<Service>]>([
    ['spec.ports: Required value', {}],
    [
      'spec.type: Unsupported value: "X": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      { type: 'X', ports: [http] },
    ],
    ['spec.ports[1].name: Required value', { ports: [http, { port: 81 }] }],
    ['spec.ports[1].name: Duplicate value: "http"', { ports: [http, { ...http, port: 81 }] }],
    ['spec.ports[1]: Duplicate value: {"protocol":"TCP","port":80}', { ports: [http, { ...http, name: 'web' }] }],
    [
      'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      { ports: [{ port: 0, targetPort: 1 }] },
    ],
    [
      'spec.ports[0].targetPort: Invalid value: "no_name": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      { ports: [{ port: 1, targetPort: 'no_name' }] },
    ],
    [
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
      { ports: [{ ...http, nodePort: 30_080 }] },
    ],
    [
      'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services',
      { type: 'NodePort', clusterIP: 'None', clusterIPs: ['None'], ports: [http] },
    ],
    [
      'spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      { clusterIP: 'x', clusterIPs: ['x'], ports: [http] },
    ],
    [
      "spec.clusterIPs: Forbidden: may not be set when `type` is 'ExternalName'",
      { type: 'ExternalName', externalName: 'a', clusterIP: '10.43.0.7' },
    ],
    ['spec.externalName: Required value', { type: 'ExternalName' }],
    [
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 90000: must be between 1 and 86400, inclusive',
      { ports: [http], sessionAffinityConfig: { clientIP: { timeoutSeconds: 90_000 } } },
    ],
    [
      'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
      { ports: [http], externalTrafficPolicy: 'Local' },
    ],
  ])('are refused: %s', (text, spec) => expect(refused(services, { spec })).toEqual([text]));

  it('have a bounded number of ports', () => {
    const ports = Array.from({ length: 1001 }, (_, n) => ({ name: `p${n}`, port: n + 1 }));
    expect(refused(services, { spec: { ports } })).toEqual([
      'spec.ports: Too many: 1001: must have at most 1000 items',
    ]);
  });

  it('keep their address', () => {
    const at = (clusterIP: string): Service => ({ spec: { type: 'ClusterIP', clusterIP, clusterIPs: [clusterIP] } });
    expect(textsOf(services.validateUpdate(at('10.43.0.8'), at('10.43.0.7')))).toEqual([
      'spec.clusterIPs[0]: Invalid value: "10.43.0.8": may not change once set',
    ]);
    expect(services.validateUpdate(at('10.43.0.7'), at('10.43.0.7'))).toEqual([]);
    expect(services.validateUpdate({ spec: { type: 'ExternalName' } }, at('10.43.0.7'))).toEqual([]);
  });
});

describe('config maps and secrets', () => {
  const mebibyte = 'x'.repeat(1024 * 1024);

  it.each(['', 'a/b', '..', '..data', 'ä'])('have no key %j', (key) => {
    expect(configMaps.validate({ data: { [key]: '' } })).not.toEqual([]);
    expect(secrets.validate({ data: { [key]: '' } })).not.toEqual([]);
  });

  it('say which key is wrong', () =>
    expect(refused(configMaps, { data: { '..': '' } })).toEqual(['data[..]: Invalid value: "..": must not be \'..\'']));

  it('hold one value a key', () =>
    expect(refused(configMaps, { data: { a: '' }, binaryData: { a: '' } })).toEqual([
      'data[a]: Invalid value: "a": duplicate of key present in binaryData',
    ]));

  it('hold a mebibyte, counted in bytes', () => {
    const base64 = Buffer.from(mebibyte).toString('base64');
    expect(refused(configMaps, { data: { a: mebibyte } })).toEqual([]);
    expect(refused(configMaps, { data: { a: mebibyte, b: 'ä' } })).toEqual([
      '[]: Too long: may not be more than 1048576 bytes',
    ]);
    expect(refused(secrets, { data: { a: base64 } })).toEqual([]);
    expect(refused(secrets, { data: { a: base64, b: 'QQ==' } })).toEqual([
      'data: Too long: may not be more than 1048576 bytes',
    ]);
  });

  it('stay as they are when they are immutable', () => {
    const current = { immutable: true, data: { a: 'QQ==' } };
    const text = (field: string) => `${field}: Forbidden: field is immutable when \`immutable\` is set`;
    expect(textsOf(configMaps.validateUpdate({ data: {} }, current))).toEqual([text('immutable'), text('data')]);
    expect(textsOf(secrets.validateUpdate({ immutable: true, data: {} }, current))).toEqual([text('data')]);
    expect(configMaps.validateUpdate(current, current)).toEqual([]);
    expect(configMaps.validateUpdate({ data: {} }, { data: { a: '' } })).toEqual([]);
  });

  it.each([
    ['kubernetes.io/tls', { 'tls.crt': '' }, ['data[tls.key]: Required value']],
    ['kubernetes.io/basic-auth', {}, ['data[username]: Required value', 'data[password]: Required value']],
    ['kubernetes.io/basic-auth', { password: '' }, []],
    ['kubernetes.io/ssh-auth', {}, ['data[ssh-privatekey]: Required value']],
    ['kubernetes.io/dockerconfigjson', { '.dockerconfigjson': 'e30=' }, []],
    [
      'kubernetes.io/dockerconfigjson',
      { '.dockerconfigjson': 'c2VjcmV0' },
      ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": must be JSON'],
    ],
    [
      'kubernetes.io/service-account-token',
      {},
      ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
    ],
    ['plant.example/own', {}, []],
  ])('of type %s with %j are refused: %j', (type, data, texts) =>
    expect(refused(secrets, { type, data })).toEqual(texts),
  );

  it('keep their type', () =>
    expect(textsOf(secrets.validateUpdate({ type: 'b' }, { type: 'a' }))).toEqual([
      'type: Invalid value: "b": field is immutable',
    ]));
});

describe('endpoints', () => {
  it('are refused without addresses, with wrong ones, and without names for several ports', () =>
    expect(
      refused(endpoints, {
        subsets: [
          { ports: [{ port: 80 }] },
          { addresses: [{ ip: 'x' }], ports: [{ name: 'a', port: 1 }, { port: 2 }] },
        ],
      }),
    ).toEqual([
      'subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`',
      'subsets[1].addresses[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'subsets[1].ports[1].name: Required value',
    ]));

  it('in slices are bounded', () => {
    const endpoint = { addresses: ['10.42.0.1'] };
    expect(
      refused(endpointSlices, { addressType: 'IPv4', endpoints: Array.from({ length: 1001 }, () => endpoint) }),
    ).toEqual(['endpoints: Too many: 1001: must have at most 1000 items']);
    expect(refused(endpointSlices, { addressType: 'IPX', endpoints: [{ addresses: [] }] })).toEqual([
      'addressType: Unsupported value: "IPX": supported values: "FQDN", "IPv4", "IPv6"',
      'endpoints[0].addresses: Required value: must contain at least 1 address',
    ]);
  });

  it('that a controller computes are not kept, those of users are', () => {
    const computed = {
      metadata: { labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' } },
    };
    const own = { metadata: { labels: { 'endpointslice.kubernetes.io/managed-by': 'me' } } };
    expect(endpointSlices.isKept({ ...computed, addressType: 'IPv4', endpoints: [] })).toBe(false);
    expect(endpointSlices.isKept({ ...own, addressType: 'IPv4', endpoints: [] })).toBe(true);
    expect(
      endpoints.isKept({ metadata: { labels: { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } } }),
    ).toBe(false);
    expect(endpoints.isKept({})).toBe(true);
  });
});

describe('nodes and events', () => {
  it('refuse taints that say nothing', () =>
    expect(
      refused(nodes, {
        spec: {
          taints: [
            { key: 'a', effect: 'Kick' },
            { key: 'b', effect: '' },
          ],
        },
      }),
    ).toEqual([
      'spec.taints[0].effect: Unsupported value: "Kick": supported values: "NoExecute", "NoSchedule", "PreferNoSchedule"',
      'spec.taints[1].effect: Required value',
    ]));

  it('refuse events of other namespaces', () => {
    const event = (namespace: string, involved?: string) => ({
      metadata: { name: 'e', namespace },
      involvedObject: involved === undefined ? {} : { namespace: involved },
    });
    expect(refused(events, event('default', 'shop'))).toEqual([
      'involvedObject.namespace: Invalid value: "shop": does not match event.namespace',
    ]);
    expect(refused(events, event('default'))).toEqual([]);
    expect(refused(events, event('shop', 'shop'))).toEqual([]);
  });
});
