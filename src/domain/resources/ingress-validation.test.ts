import { describe, expect, it } from 'vitest';
import type { Ingress } from '../meta/types.ts';
import { ingresses } from './ingress.ts';

const service = { name: 'web', port: { number: 80 } };
const backend = { service };
const refused = (ingress: Ingress, current?: Ingress): string[] =>
  ingresses.validate(ingresses.default(ingress), current).map(({ field, message }) => `${field}: ${message}`);
const route = (path: object) => ({
  rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend, ...path }] } }],
});
const to = (defaultBackend: object) => ({ defaultBackend });

describe('an Ingress', () => {
  it.each<[object, string[]]>([
    [route({}), []],
    [route({ pathType: 'ImplementationSpecific', path: '' }), []],
    [to({ resource: { apiGroup: 'acme.io', kind: 'Bucket', name: 'b' } }), []],
    [to({ service: { name: 'web', port: { name: 'http' } } }), []],
    [{ rules: [{ host: '*.plant.example' }], tls: [{ hosts: ['*.plant.example', 'a.b'], secretName: 'tls' }] }, []],
    [{}, ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified']],
    [{ rules: [{ http: { paths: [] } }] }, ['spec.rules[0].http.paths: Required value']],
    [
      route({ pathType: undefined }),
      ['spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified'],
    ],
    [
      route({ pathType: 'Fuzzy' }),
      [
        'spec.rules[0].http.paths[0].pathType: Unsupported value: "Fuzzy": supported values: "Exact", "ImplementationSpecific", "Prefix"',
      ],
    ],
    [
      route({ path: 'a//b/..' }),
      ['must be an absolute path', "must not contain '//'", "cannot end with '/..'"].map(
        (text) => `spec.rules[0].http.paths[0].path: Invalid value: "a//b/..": ${text}`,
      ),
    ],
    [
      route({ pathType: 'ImplementationSpecific', path: 'a' }),
      ['spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path'],
    ],
    [
      { ...to(backend), rules: [{ host: '10.0.0.1' }] },
      ['spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address'],
    ],
    [to({}), ['spec.defaultBackend: Invalid value: "": resource or service backend is required']],
    [
      to({ service, resource: { kind: 'A', name: 'a' } }),
      ['spec.defaultBackend: Invalid value: "": cannot set both resource and service backends'],
    ],
    [to({ service: { name: 'web' } }), ['spec.defaultBackend: Required value: port name or number is required']],
    [
      to({ service: { name: '', port: { name: 'http', number: 80 } } }),
      [
        'spec.defaultBackend.service.name: Required value',
        'spec.defaultBackend: Invalid value: "": cannot set both port name & port number',
      ],
    ],
    [
      to({ service: { name: 'web', port: { number: 65_536 } } }),
      ['spec.defaultBackend.service.port.number: Invalid value: 65536: must be between 1 and 65535, inclusive'],
    ],
  ])('%j', (spec, texts) => expect(refused({ spec } as Ingress)).toEqual(texts));

  it('has hosts that are names, with a star at most in front', () => {
    expect(refused({ spec: { ...to(backend), rules: [{ host: 'a.*.b' }] } })).toEqual([
      expect.stringContaining(
        'spec.rules[0].host: Invalid value: "a.*.b": a wildcard DNS-1123 subdomain must start with',
      ),
    ]);
  });

  it('names one class when it is new', () => {
    const ingress = {
      metadata: { annotations: { 'kubernetes.io/ingress.class': 'a' } },
      spec: { ...to(backend), ingressClassName: 'b' },
    };
    expect(refused(ingress)).toEqual([
      'annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName` when both are specified',
    ]);
    expect(refused(ingress, ingress)).toEqual([]);
  });

  it('shows hosts, ports and where it is reached', () => {
    const shown = (ingress: Ingress) =>
      Object.fromEntries(ingresses.columns.map((column) => [column.name, column.cell(ingress, new Date())]));
    const rules = ['a', 'b', 'c', 'd'].map((name) => ({ host: `${name}.example` }));
    const ingress = [{ ip: '10.0.0.2' }, { hostname: 'edge.example' }, { ip: '10.0.0.1' }];
    expect(
      shown({ spec: { ingressClassName: 'nginx', rules, tls: [{}] }, status: { loadBalancer: { ingress } } }),
    ).toMatchObject({
      Class: 'nginx',
      Hosts: 'a.example,b.example,c.example + 1 more...',
      Address: '10.0.0.1,10.0.0.2,edge.example',
      Ports: '80, 443',
    });
    expect(shown({ spec: to(backend) })).toMatchObject({ Class: '<none>', Hosts: '*', Address: '', Ports: '80' });
  });
});
