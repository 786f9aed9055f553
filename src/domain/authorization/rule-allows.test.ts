import { expect, test } from 'vitest';
import type { PolicyRule } from '../meta/types.ts';
import type { RequestAttributes, ResourceAttributes } from './request-attributes.ts';
import { ruleAllows } from './rule-allows.ts';

const resourceRule = (resources: string[], more: Partial<PolicyRule> = {}): PolicyRule => ({
  verbs: ['get', 'list'],
  apiGroups: ['', 'apps'],
  resources,
  ...more,
});
const pathRule = (...nonResourceURLs: string[]): PolicyRule => ({ verbs: ['get'], nonResourceURLs });
const get = (resource: string, more: Partial<ResourceAttributes> = {}): RequestAttributes => ({
  kind: 'resource',
  verb: 'get',
  group: '',
  resource,
  ...more,
});
const path = (text: string): RequestAttributes => ({ kind: 'path', verb: 'get', path: text });

// kubernetes pkg/apis/rbac/v1/evaluation_helpers.go and plugin/pkg/auth/authorizer/rbac/rbac_test.go
test.each<[string, PolicyRule, RequestAttributes, boolean]>([
  ['the resource', resourceRule(['pods']), get('pods'), true],
  ['another resource', resourceRule(['pods']), get('secrets'), false],
  ['another group of the rule', resourceRule(['deployments']), get('deployments', { group: 'apps' }), true],
  ['a group that is not of the rule', resourceRule(['jobs']), get('jobs', { group: 'batch' }), false],
  ['every group', resourceRule(['jobs'], { apiGroups: ['*'] }), get('jobs', { group: 'batch' }), true],
  ['another verb', resourceRule(['pods']), get('pods', { verb: 'delete' }), false],
  ['every verb', resourceRule(['pods'], { verbs: ['*'] }), get('pods', { verb: 'delete' }), true],
  ['no subresource of the resource', resourceRule(['pods']), get('pods', { subresource: 'log' }), false],
  ['the subresource', resourceRule(['pods/log']), get('pods', { subresource: 'log' }), true],
  ['not the resource of the subresource', resourceRule(['pods/log']), get('pods'), false],
  ['the subresource of any resource', resourceRule(['*/scale']), get('deployments', { subresource: 'scale' }), true],
  ['no other subresource of any', resourceRule(['*/scale']), get('deployments', { subresource: 'status' }), false],
  ['no resource by its subresource', resourceRule(['*/scale']), get('deployments'), false],
  ['everything', resourceRule(['*']), get('pods', { subresource: 'exec' }), true],
  ['nothing by a star after the slash', resourceRule(['pods/*']), get('pods', { subresource: 'exec' }), false],
  ['everything is asked for', resourceRule(['pods']), get('*'), false],
  ['everything is asked for and had', resourceRule(['*']), get('*'), true],
  ['the name', resourceRule(['pods'], { resourceNames: ['a', 'b'] }), get('pods', { name: 'b' }), true],
  ['another name', resourceRule(['pods'], { resourceNames: ['a'] }), get('pods', { name: 'b' }), false],
  ['no name', resourceRule(['pods'], { resourceNames: ['a'] }), get('pods', { verb: 'list' }), false],
  ['a rule of paths', pathRule('*'), get('pods'), false],
  ['the path', pathRule('/metrics'), path('/metrics'), true],
  ['a path below', pathRule('/metrics'), path('/metrics/slis'), false],
  ['a path below a star', pathRule('/apis/*'), path('/apis/apps/v1'), true],
  ['the path of the star itself', pathRule('/apis/*'), path('/apis'), false],
  ['a star in the middle', pathRule('/a/*/b'), path('/a/x/b'), false],
  ['any path', pathRule('*'), path('/anything'), true],
  ['a path with another verb', pathRule('*'), { kind: 'path', verb: 'post', path: '/x' }, false],
  ['a path by a rule of resources', resourceRule(['*'], { apiGroups: ['*'] }), path('/x'), false],
])('%s', (_what, rule, attributes, allowed) => {
  expect(ruleAllows(rule, attributes)).toBe(allowed);
});
