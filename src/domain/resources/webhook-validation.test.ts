import { describe, expect, it } from 'vitest';
import type { MutatingWebhook, WebhookClientConfig, WebhookRule } from '../meta/types.ts';
import { mutatingWebhookConfigurations } from './mutating-webhook-configuration.ts';
import { validatingWebhookConfigurations } from './validating-webhook-configuration.ts';

const rule: WebhookRule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
const webhook: MutatingWebhook = {
  name: 'a.example.com',
  clientConfig: { url: 'https://10.0.0.9:8443/review' },
  rules: [rule],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
};

const refused = (...webhooks: MutatingWebhook[]): string[] => {
  const configuration = mutatingWebhookConfigurations.default({ metadata: { name: 'x' }, webhooks });
  return mutatingWebhookConfigurations.validate(configuration).map(({ field, message }) => `${field}: ${message}`);
};

describe('a webhook', () => {
  it('of the usual kind is valid', () => expect(refused(webhook)).toEqual([]));

  it.each<[string, Partial<MutatingWebhook>]>([
    ['name: Required value', { name: '' }],
    [
      'name: Invalid value: "example.com": should be a domain with at least three segments separated by dots',
      { name: 'example.com' },
    ],
    ['failurePolicy: Unsupported value: "Retry": supported values: "Fail", "Ignore"', { failurePolicy: 'Retry' }],
    ['matchPolicy: Unsupported value: "All": supported values: "Equivalent", "Exact"', { matchPolicy: 'All' }],
    ['sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"', { sideEffects: 'Some' }],
    ['timeoutSeconds: Invalid value: 0: the timeout value must be between 1 and 30 seconds', { timeoutSeconds: 0 }],
    ['timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds', { timeoutSeconds: 31 }],
    [
      'reinvocationPolicy: Unsupported value: "Always": supported values: "IfNeeded", "Never"',
      { reinvocationPolicy: 'Always' },
    ],
    [
      'namespaceSelector.matchExpressions[0].operator: Unsupported value: "Is": supported values: "DoesNotExist", "Exists", "In", "NotIn"',
      { namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } },
    ],
    [
      "matchConditions[0].expression: Invalid value: \"params.x\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')\n | params.x\n | ^",
      { matchConditions: [{ name: 'a', expression: 'params.x' }] },
    ],
    [
      'matchConditions[0].expression: Invalid value: "request.name": must evaluate to bool',
      { matchConditions: [{ name: 'a', expression: 'request.name' }] },
    ],
    ['matchConditions[0].name: Required value', { matchConditions: [{ name: '', expression: 'true' }] }],
    ['matchConditions[0].expression: Required value', { matchConditions: [{ name: 'a', expression: ' ' }] }],
    [
      'matchConditions[1].name: Duplicate value: "a"',
      {
        matchConditions: [
          { name: 'a', expression: 'true' },
          { name: 'a', expression: 'false' },
        ],
      },
    ],
    ['admissionReviewVersions: Required value: must specify one of v1, v1beta1', { admissionReviewVersions: [] }],
    [
      'admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1',
      { admissionReviewVersions: ['v2'] },
    ],
    ['admissionReviewVersions[1]: Invalid value: "v1": duplicate version', { admissionReviewVersions: ['v1', 'v1'] }],
  ])('is refused: %s', (text, change) => expect(refused({ ...webhook, ...change })).toEqual([`webhooks[0].${text}`]));

  it('must say what it does besides', () => {
    const { sideEffects: _sideEffects, ...silent } = webhook;
    expect(refused(silent as MutatingWebhook)).toEqual([
      'webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun',
    ]);
  });

  it('has a name of its own', () =>
    expect(refused(webhook, webhook)).toEqual(['webhooks[1].name: Duplicate value: "a.example.com"']));
});

describe('a rule', () => {
  it.each<[Partial<WebhookRule>, string[]]>([
    [{ resources: ['pods', 'pods/log', '*/scale'] }, []],
    [{ resources: ['*', 'pods/log'] }, []],
    [{ operations: [] }, ['operations: Required value']],
    [
      { operations: ['READ'] },
      ['operations[0]: Unsupported value: "READ": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"'],
    ],
    [
      { operations: ['*', 'CREATE'] },
      [`operations: Invalid value: ["*","CREATE"]: if '*' is present, must not specify other operations`],
    ],
    [{ apiGroups: [] }, ['apiGroups: Required value']],
    [
      { apiGroups: ['*', 'apps'] },
      [`apiGroups: Invalid value: ["*","apps"]: if '*' is present, must not specify other API groups`],
    ],
    [{ apiVersions: [''] }, ['apiVersions[0]: Required value']],
    [{ resources: [''] }, ['resources[0]: Required value']],
    [
      { resources: ['pods/*', 'pods/log'] },
      [`resources[1]: Invalid value: "pods/log": if 'pods/*' is present, must not specify pods/log`],
    ],
    [
      { resources: ['*/scale', 'deployments/scale'] },
      [`resources[1]: Invalid value: "deployments/scale": if '*/scale' is present, must not specify deployments/scale`],
    ],
    [
      { resources: ['*', 'pods'] },
      [
        `resources: Invalid value: ["*","pods"]: if '*' is present, must not specify other resources without subresources`,
      ],
    ],
    [
      { resources: ['*/*', 'pods'] },
      [`resources: Invalid value: ["*/*","pods"]: if '*/*' is present, must not specify other resources`],
    ],
    [{ scope: 'Node' }, ['scope: Unsupported value: "Node": supported values: "*", "Cluster", "Namespaced"']],
  ])('%j', (change, texts) =>
    expect(refused({ ...webhook, rules: [{ ...rule, ...change }] })).toEqual(
      texts.map((text) => `webhooks[0].rules[0].${text}`),
    ),
  );
});

describe('a place', () => {
  const service = { namespace: 'default', name: 'hook' };
  it.each<[WebhookClientConfig, string[]]>([
    [{ service: { ...service, path: '/validate/v1' } }, []],
    [{ url: 'https://[::1]:8443' }, []],
    [{}, [': Required value: exactly one of url or service is required']],
    [{ url: 'https://a', service }, [': Required value: exactly one of url or service is required']],
    [
      { url: 'http://a/b' },
      [`.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`],
    ],
    [{ url: 'https:///b' }, ['.url: Invalid value: "": host must be provided; desired format: https://host[/path]']],
    [
      { url: 'https://me:secret@a/b?c=d#e' },
      [
        '.url: Invalid value: "me": user information is not permitted in the URL',
        '.url: Invalid value: "e": fragments are not permitted in the URL',
        '.url: Invalid value: "c=d": query parameters are not permitted in the URL',
      ],
    ],
    [
      { url: 'https://a:99999' },
      ['.url: Required value: url must be a valid URL; desired format: https://host[/path]'],
    ],
    [
      { service: { namespace: '', name: '', port: 0 } },
      [
        '.service.name: Required value: service name is required',
        '.service.namespace: Required value: service namespace is required',
        '.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive',
      ],
    ],
    [{ service: { ...service, path: 'ab' } }, [`.service.path: Invalid value: "ab": must start with a '/'`]],
    [{ service: { ...service, path: '//' } }, ['.service.path: Invalid value: "//": segment[0] may not be empty']],
    [
      { service: { ...service, path: '/a//b' } },
      ['.service.path: Invalid value: "/a//b": segment[1] may not be empty'],
    ],
  ])('%j', (clientConfig, texts) => {
    const found = refused({ ...webhook, clientConfig });
    expect(found).toEqual(texts.map((text) => expect.stringContaining(`webhooks[0].clientConfig${text}`)));
  });
});

describe('what is left open', () => {
  it('is filled in', () => {
    const clientConfig = { service: { namespace: 'default', name: 'hook' } };
    const [filled] = mutatingWebhookConfigurations.default({ webhooks: [{ ...webhook, clientConfig }] }).webhooks ?? [];
    expect(filled).toEqual({
      ...webhook,
      clientConfig: { service: { namespace: 'default', name: 'hook', port: 443 } },
      rules: [{ ...rule, scope: '*' }],
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      namespaceSelector: {},
      objectSelector: {},
      timeoutSeconds: 10,
      reinvocationPolicy: 'Never',
    });
  });

  it('is nothing that only mutating webhooks have', () =>
    expect(validatingWebhookConfigurations.default({ webhooks: [webhook] }).webhooks?.[0]).not.toHaveProperty(
      'reinvocationPolicy',
    ));
});

describe('the generation', () => {
  const stored = { metadata: { name: 'x', generation: 3 }, webhooks: [webhook] };
  const prepareForUpdate = (next: typeof stored) => mutatingWebhookConfigurations.prepareForUpdate(next, stored);

  it('counts changes of the webhooks', () =>
    expect(prepareForUpdate({ ...stored, webhooks: [] }).metadata?.generation).toBe(4));

  it('counts no others', () => {
    const labelled = { ...stored, metadata: { ...stored.metadata, labels: { a: 'b' } } };
    expect(prepareForUpdate(labelled)).toBe(labelled);
  });
});
