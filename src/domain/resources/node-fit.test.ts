import { describe, expect, it } from 'vitest';
import type { Node, Pod, PodSpec } from '../meta/types.ts';
import { misfit } from './node-fit.ts';

const node: Node = {
  metadata: { name: 'plc-1', labels: { zone: 'hall', year: '2024' } },
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '2' } },
};

const pod = (name: string, spec: Partial<PodSpec>, namespace = 'default'): Pod => ({
  metadata: { namespace, name, labels: { app: name } },
  spec: { containers: [], ...spec },
});

const why = (spec: Partial<PodSpec>, ...others: Pod[]): string | undefined =>
  misfit(pod('me', spec), node, {
    pods: others,
    namespaceLabels: (name) => ({ team: name }),
  })?.message;

const against = (reason: string): string => `0/1 nodes are available: 1 ${reason}.`;

const expressions = (
  ...matchExpressions: { key: string; operator: string; values?: string[] }[]
): Partial<PodSpec> => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  },
});

describe('node affinity', () => {
  it.each([
    [{ key: 'zone', operator: 'In', values: ['hall'] }, true],
    [{ key: 'zone', operator: 'NotIn', values: ['hall'] }, false],
    [{ key: 'other', operator: 'NotIn', values: ['hall'] }, true],
    [{ key: 'zone', operator: 'Exists' }, true],
    [{ key: 'zone', operator: 'DoesNotExist' }, false],
    [{ key: 'year', operator: 'Gt', values: ['2023'] }, true],
    [{ key: 'year', operator: 'Lt', values: ['2023'] }, false],
    [{ key: 'zone', operator: 'Gt', values: ['1'] }, false],
  ])('%j holds: %s', (expression, holds) =>
    expect(why(expressions(expression))).toBe(
      holds ? undefined : against("node(s) didn't match Pod's node affinity/selector"),
    ),
  );

  it('is one of several terms, each of which says something', () => {
    const terms = (...nodeSelectorTerms: object[]) =>
      why({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } });
    const byName = (name: string) => ({ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] });
    expect(terms(byName('other'), byName('plc-1'))).toBeUndefined();
    expect(terms({})).toContain('node affinity');
  });
});

describe('company', () => {
  const term = (app: string, more: object = {}) => ({
    topologyKey: 'zone',
    labelSelector: { matchLabels: { app } },
    ...more,
  });
  const near = (...terms: ReturnType<typeof term>[]): Partial<PodSpec> => ({
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
  });
  const apart = (...terms: ReturnType<typeof term>[]): Partial<PodSpec> => ({
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
  });
  const unmatched = against("node(s) didn't match pod affinity rules");

  it('is wanted', () => {
    expect(why(near(term('db')))).toBe(unmatched);
    expect(why(near(term('db')), pod('db', {}))).toBeUndefined();
    expect(why(near(term('db')), pod('db', {}, 'other'))).toBe(unmatched);
    expect(why(near(term('db', { namespaces: ['other'] })), pod('db', {}, 'other'))).toBeUndefined();
    expect(
      why(near(term('db', { namespaceSelector: { matchLabels: { team: 'other' } } })), pod('db', {}, 'other')),
    ).toBeUndefined();
  });
  it('is not needed by the first of its kind', () => expect(why(near(term('me')))).toBeUndefined());
  it('cannot be had in a topology that the node is not in', () =>
    expect(why(near(term('me', { topologyKey: 'rack' })))).toBe(unmatched));
  it('is avoided', () => {
    expect(why(apart(term('db')), pod('db', {}))).toBe(against("node(s) didn't match pod anti-affinity rules"));
    expect(why(apart(term('db', { topologyKey: 'rack' })), pod('db', {}))).toBeUndefined();
  });
  it('avoids the newcomer', () =>
    expect(why({}, pod('db', apart(term('me'))))).toBe(
      against("node(s) didn't satisfy existing pods anti-affinity rules"),
    ));
});

it('spreads over one domain, unless more are demanded', () => {
  const spread = (more: object): Partial<PodSpec> => ({
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'me' } },
        ...more,
      },
    ],
  });
  const other = pod('me', {});
  expect(why(spread({}), other)).toBeUndefined();
  expect(why(spread({ minDomains: 2 }), other)).toBe(against("node(s) didn't match pod topology spread constraints"));
  expect(why(spread({ topologyKey: 'rack' }))).toBe(
    against("node(s) didn't match pod topology spread constraints (missing required label)"),
  );
  expect(why(spread({ topologyKey: 'rack', whenUnsatisfiable: 'ScheduleAnyway' }))).toBeUndefined();
});

it('keeps ports of the host apart by address and protocol', () => {
  const port = (more: object): Partial<PodSpec> => ({
    containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 1, hostPort: 8080, ...more }] }],
  });
  const taken = against("node(s) didn't have free ports for the requested pod ports");
  expect(why(port({}), pod('a', port({})))).toBe(taken);
  expect(why(port({ hostIP: '127.0.0.1' }), pod('a', port({})))).toBe(taken);
  expect(why(port({ hostIP: '127.0.0.1' }), pod('a', port({ hostIP: '127.0.0.2' })))).toBeUndefined();
  expect(why(port({ protocol: 'UDP' }), pod('a', port({})))).toBeUndefined();
});

it('has room for a number of pods and what they request', () => {
  const asks = (requests: Record<string, string>): Partial<PodSpec> => ({
    containers: [{ name: 'c', image: 'i', resources: { requests } }],
  });
  expect(why({}, pod('a', {}))).toBeUndefined();
  expect(why({}, pod('a', {}), pod('b', {}))).toBe(against('Too many pods'));
  expect(why(asks({ cpu: '1', memory: '1Gi' }), pod('a', asks({ cpu: '1500m', memory: '1Mi' })))).toBe(
    '0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.',
  );
  expect(why({}, pod('a', asks({ cpu: '5' })))).toBeUndefined();
});
