import { describe, expect, it } from 'vitest';
import type { LimitRangeItem, ResourceQuota } from '../meta/types.ts';
import { limitRanges } from './limit-range.ts';
import { resourceQuotas } from './resource-quota.ts';

const textsOf = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('quotas', () => {
  it.each<[ResourceQuota['spec'], string[]]>([
    [{ hard: { pods: '1', 'requests.cpu': '500m', 'count/jobs.batch': '2', 'requests.nvidia.com/gpu': '1' } }, []],
    [
      { hard: { disks: '1' } },
      [
        'spec.hard[disks]: Invalid value: "disks": must be a standard resource type or fully qualified',
        'spec.hard[disks]: Invalid value: "disks": must be a standard resource for quota',
      ],
    ],
    [
      { hard: { storage: '1' } },
      ['spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota'],
    ],
    [
      { hard: { cpu: '-1', pods: '1500m', 'count/pods': '500m' } },
      [
        'spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0',
        'spec.hard[pods]: Invalid value: "1500m": must be an integer',
        'spec.hard[count/pods]: Invalid value: "500m": must be an integer',
      ],
    ],
    [{ hard: { pods: '1' }, scopes: ['Fast'] }, ['spec.scopes: Invalid value: ["Fast"]: unsupported scope']],
    [
      { hard: { cpu: '1' }, scopes: ['BestEffort'] },
      ['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'],
    ],
    [
      { scopes: ['Terminating', 'NotTerminating'] },
      ['spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes'],
    ],
    [
      { scopeSelector: { matchExpressions: [{ scopeName: 'Terminating', operator: 'In', values: [] }] } },
      [
        'spec.scopeSelector.matchExpressions.operator: Invalid value: "In": must be \'Exist\' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity',
        "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      ],
    ],
    [
      {
        scopeSelector: {
          matchExpressions: [
            { scopeName: 'PriorityClass', operator: 'Exists', values: ['a'] },
            { scopeName: 'Slow', operator: 'Near' },
          ],
        },
      },
      [
        "spec.scopeSelector.matchExpressions.values: Invalid value: [\"a\"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
        'spec.scopeSelector.matchExpressions.scopeName: Invalid value: "Slow": unsupported scope',
        'spec.scopeSelector.matchExpressions.operator: Invalid value: "Near": not a valid selector operator',
      ],
    ],
  ])('%j', (spec, texts) => expect(textsOf(resourceQuotas.validate({ spec: spec! }))).toEqual(texts));

  it('keep their scopes', () => {
    const update = (next: string[], current: string[]) =>
      textsOf(resourceQuotas.validateUpdate({ spec: { scopes: next } }, { spec: { scopes: current } }));
    expect(update(['BestEffort', 'Terminating'], ['Terminating', 'BestEffort'])).toEqual([]);
    expect(update([], ['Terminating'])).toEqual(['spec.scopes: Invalid value: []: field is immutable']);
  });

  it('show what is used of requests and of limits', () => {
    const [, request, limit] = resourceQuotas.columns.map((column) =>
      column.cell(
        {
          status: {
            hard: { pods: '4', 'limits.cpu': '2', 'requests.cpu': '1' },
            used: { pods: '1', 'limits.cpu': '1' },
          },
        },
        new Date(),
      ),
    );
    expect([request, limit]).toEqual(['pods: 1/4, requests.cpu: 0/1', 'limits.cpu: 1/2']);
  });
});

describe('limit ranges', () => {
  const at = 'spec.limits[0]';
  it.each<[LimitRangeItem, string[]]>([
    [{ type: 'Container', max: { cpu: '2' }, min: { cpu: '100m' }, maxLimitRequestRatio: { cpu: '20' } }, []],
    [{ type: 'Node' }, [`${at}.type: Invalid value: "Node": must be a standard limit type or fully qualified`]],
    [
      { type: 'Pod', max: { cpu: '1' }, default: { cpu: '1' }, defaultRequest: { cpu: '1' } },
      [
        `${at}.default: Forbidden: may not be specified when \`type\` is 'Pod'`,
        `${at}.defaultRequest: Forbidden: may not be specified when \`type\` is 'Pod'`,
      ],
    ],
    [
      { type: 'PersistentVolumeClaim' },
      [`${at}.limits: Required value: either minimum or maximum storage value is required, but neither was provided`],
    ],
    [
      { type: 'Container', min: { cpu: '2' }, max: { cpu: '1' }, default: { cpu: '1' }, defaultRequest: { cpu: '1' } },
      [
        `${at}.min[cpu]: Invalid value: "2": min value 2 is greater than max value 1`,
        `${at}.defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1`,
        `${at}.default[cpu]: Invalid value: "2": min value 2 is greater than default value 1`,
      ],
    ],
    [
      { type: 'Container', max: { cpu: '1' }, default: { cpu: '2' }, defaultRequest: { cpu: '3' } },
      [
        `${at}.defaultRequest[cpu]: Invalid value: "3": default request value 3 is greater than max value 1`,
        `${at}.defaultRequest[cpu]: Invalid value: "3": default request value 3 is greater than default limit value 2`,
        `${at}.default[cpu]: Invalid value: "1": default value 2 is greater than max value 1`,
      ],
    ],
    [
      { type: 'Pod', min: { cpu: '1' }, max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '3', memory: '500m' } },
      [
        `${at}.maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000`,
        `${at}.maxLimitRequestRatio[memory]: Invalid value: "500m": ratio 500m is less than 1`,
      ],
    ],
    [
      { type: 'Container', default: { 'acme.io/plc': '2' }, defaultRequest: { 'acme.io/plc': '1' } },
      [
        `${at}.defaultRequest[acme.io/plc]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in acme.io/plc`,
      ],
    ],
    [
      { type: 'Container', max: { constructor: '1' } },
      [`${at}.max[constructor]: Invalid value: "constructor": must be a standard resource for containers`],
    ],
  ])('%j', (limit, texts) => expect(textsOf(limitRanges.validate({ spec: { limits: [limit] } }))).toEqual(texts));

  it('have one item a type', () =>
    expect(textsOf(limitRanges.validate({ spec: { limits: [{ type: 'Pod' }, { type: 'Pod' }] } }))).toEqual([
      'spec.limits[1].type: Duplicate value: "Pod"',
    ]));
});
