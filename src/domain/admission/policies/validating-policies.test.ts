import { describe, expect, it } from 'vitest';
import type {
  ConfigMap,
  Deployment,
  KubernetesObject,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicySpec,
} from '../../meta/types.ts';
import { configMaps } from '../../resources/config-map.ts';
import { deployments } from '../../resources/deployment.ts';
import { namespaces } from '../../resources/namespace.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { validatingAdmissionPolicies } from '../../resources/validating-admission-policy.ts';
import { validatingAdmissionPolicyBindings } from '../../resources/validating-admission-policy-binding.ts';
import { clientRequest } from '../client-request.ts';
import { listerOf } from '../lister-of.ts';
import { validatingPolicies } from './validating-policies.ts';

type BindingSpec = NonNullable<ValidatingAdmissionPolicyBinding['spec']>;

const matchConstraints = {
  resourceRules: [
    { operations: ['CREATE', 'UPDATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] },
  ],
};

const deployment = (replicas: number): Deployment =>
  ({ metadata: { name: 'web', namespace: 'plant' }, spec: { replicas } }) as Deployment;
const limit = (name: string, most: string): ConfigMap => ({
  metadata: { name, namespace: 'plant', labels: { limit: 'yes' } },
  data: { most },
});

const listed = <T extends KubernetesObject>(definition: ResourceDefinition<T>, ...objects: T[]) => ({
  definition: definition as ResourceDefinition,
  objects: objects.map((object) => definition.default(object)),
});

const bindingOf = (spec: Partial<BindingSpec>): ValidatingAdmissionPolicyBinding => ({
  metadata: { name: 'b' },
  spec: { policyName: 'p', validationActions: ['Deny'], ...spec },
});

/** The refusal of a Deployment with these replicas, and what the client was warned of. */
function write(
  spec: ValidatingAdmissionPolicySpec,
  binding: Partial<BindingSpec> = {},
  replicas = 5,
  old?: Deployment,
): { refusal: object | undefined; warnings: string[] } {
  const policy: ValidatingAdmissionPolicy = { metadata: { name: 'p' }, spec: { matchConstraints, ...spec } };
  const lister = listerOf(
    listed(validatingAdmissionPolicies, policy),
    listed(validatingAdmissionPolicyBindings, bindingOf(binding)),
    listed(namespaces, { metadata: { name: 'plant', labels: { kind: 'test' } } }),
    listed(configMaps, limit('small', '3'), limit('large', '9')),
  );
  const plugin = validatingPolicies({
    versionsOf: (definition) => [definition],
    kinds: () => [configMaps as unknown as ResourceDefinition, namespaces as unknown as ResourceDefinition],
    hasCaughtUp: () => true,
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });
  const warnings: string[] = [];
  const request = {
    ...clientRequest<Deployment>(deployments, deployment(replicas), old),
    warn: (text: string) => void warnings.push(text),
  };
  try {
    void plugin.validate!(request, lister);
    return { refusal: undefined, warnings };
  } catch (error) {
    const { code, reason, message } = (error as { status: { code: number; reason: string; message: string } }).status;
    return { refusal: { code, reason, message }, warnings };
  }
}

const denied = (text: string) =>
  `deployments.apps "web" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${text}`;
const few = { expression: 'object.spec.replicas <= 3' };

describe('a policy that is bound', () => {
  it('refuses what breaks it, and nothing else', () => {
    expect(write({ validations: [few] }).refusal).toEqual({
      code: 422,
      reason: 'Invalid',
      message: denied('failed expression: object.spec.replicas <= 3'),
    });
    expect(write({ validations: [few] }, {}, 3).refusal).toBeUndefined();
  });

  it('says why in its own words, under its own reason', () => {
    const messageExpression = "'%d are too many'.format([object.spec.replicas])";
    expect(write({ validations: [{ ...few, messageExpression, reason: 'Forbidden' }] }).refusal).toEqual({
      code: 403,
      reason: 'Forbidden',
      message: denied('5 are too many'),
    });
    expect(
      write({ validations: [{ ...few, messageExpression: 'string(1 / 0)', message: 'few!' }] }).refusal,
    ).toMatchObject({ message: denied('few!') });
  });

  it('has variables that build on each other', () => {
    const variables = [
      { name: 'count', expression: 'object.spec.replicas' },
      { name: 'isFew', expression: 'variables.count <= 3' },
    ];
    const spec = { variables, validations: [{ expression: 'variables.isFew' }] };
    expect(write(spec).refusal).toMatchObject({ message: denied('failed expression: variables.isFew') });
    expect(write(spec, {}, 2).refusal).toBeUndefined();
  });

  it('sees the old object, the request and the namespace', () => {
    const expression =
      "oldObject == null && request.operation == 'CREATE' && namespaceObject.metadata.labels.kind == 'test'";
    expect(write({ validations: [{ expression }] }).refusal).toBeUndefined();
    expect(
      write({ validations: [{ expression: 'oldObject.spec.replicas == 4' }] }, {}, 5, deployment(4)).refusal,
    ).toBeUndefined();
  });

  it('is not asked when a condition is false, nor about other resources', () => {
    const matchConditions = [{ name: 'c', expression: 'object.spec.replicas > 7' }];
    expect(write({ matchConditions, validations: [few] }).refusal).toBeUndefined();
    expect(write({ matchConditions, validations: [few] }, {}, 8).refusal).toBeDefined();
    const [rule] = matchConstraints.resourceRules;
    for (const other of [
      { resourceRules: [{ ...rule, resources: ['replicasets'] }] },
      { resourceRules: [{ ...rule, resourceNames: ['other'] }] },
      { ...matchConstraints, excludeResourceRules: [{ ...rule }] },
      { ...matchConstraints, namespaceSelector: { matchLabels: { kind: 'other' } } },
    ])
      expect(write({ matchConstraints: other as never, validations: [few] }).refusal).toBeUndefined();
  });

  it('only warns, or does nothing but note, where the binding wants so', () => {
    expect(write({ validations: [few] }, { validationActions: ['Warn', 'Audit'] })).toEqual({
      refusal: undefined,
      warnings: [
        "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed expression: object.spec.replicas <= 3",
      ],
    });
  });

  it('applies only where the binding matches too', () => {
    const matchResources = { objectSelector: { matchLabels: { guarded: 'yes' } } };
    expect(write({ validations: [few] }, { matchResources }).refusal).toBeUndefined();
    expect(
      write({ validations: [few] }, { matchResources: { namespaceSelector: { matchLabels: { kind: 'test' } } } })
        .refusal,
    ).toBeDefined();
  });

  it('that cannot be evaluated counts as its failurePolicy says', () => {
    const validations = [{ expression: 'object.none == 1' }];
    expect(write({ validations }).refusal).toMatchObject({
      message: denied("expression 'object.none == 1' resulted in error: no such key: none"),
    });
    expect(write({ validations, failurePolicy: 'Ignore' }).refusal).toBeUndefined();
  });
});

describe('parameters', () => {
  const spec = {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    validations: [{ expression: 'object.spec.replicas <= int(params.data.most)' }],
  };
  const ref = (change: object) => ({ paramRef: { parameterNotFoundAction: 'Deny', ...change } });
  const misconfigured = (text: string) => denied(`failed to configure binding: ${text}`);

  it('are found by name, in the namespace of the request', () => {
    expect(write(spec, ref({ name: 'small' })).refusal).toBeDefined();
    expect(write(spec, ref({ name: 'large' })).refusal).toBeUndefined();
    expect(write(spec, ref({ name: 'large', namespace: 'plant' })).refusal).toBeUndefined();
  });

  it('that a selector finds all count', () => {
    expect(write(spec, ref({ selector: { matchLabels: { limit: 'yes' } } })).refusal).toBeDefined();
    expect(write(spec, ref({ selector: { matchLabels: { limit: 'yes' } } }), 2).refusal).toBeUndefined();
  });

  it.each([
    [ref({ name: 'none' }), 'no params found for policy binding with `Deny` parameterNotFoundAction'],
    [ref({ name: 'none', parameterNotFoundAction: 'Allow' }), undefined],
  ])('that are missing: %j', (binding, text) => {
    const { refusal } = write(spec, binding);
    if (text === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toMatchObject({ message: misconfigured(text) });
  });

  it('of a kind that is not served are a failure', () => {
    expect(write({ ...spec, paramKind: { apiVersion: 'x/v1', kind: 'X' } }, ref({ name: 'a' })).refusal).toMatchObject({
      message: misconfigured("failed to find resource referenced by paramKind: 'x/v1, Kind=X'"),
    });
  });

  it('are null without a paramRef', () => {
    expect(write({ ...spec, validations: [{ expression: 'params == null' }] }).refusal).toBeUndefined();
  });
});

describe('a definition is refused', () => {
  const refused = (spec: ValidatingAdmissionPolicySpec) =>
    validatingAdmissionPolicies
      .validate({ metadata: { name: 'p' }, spec: { matchConstraints, ...spec } })
      .map(({ field, message }) => `${field}: ${message}`);

  it.each<readonly [ValidatingAdmissionPolicySpec, string]>([
    [{}, 'spec.validations: Required value: validations or auditAnnotations must contain at least one item'],
    [{ validations: [few], matchConstraints: {} }, 'spec.matchConstraints.resourceRules: Required value'],
    [
      { validations: [few], failurePolicy: 'Maybe' },
      'spec.failurePolicy: Unsupported value: "Maybe": supported values: "Fail", "Ignore"',
    ],
    [
      { validations: [{ expression: '' }] },
      'spec.validations[0].expression: Required value: expression is not specified',
    ],
    [
      { validations: [{ expression: 'object.x +' }] },
      "compilation failed: ERROR: <input>:1:11: Syntax error: unexpected '<EOF>'",
    ],
    [{ validations: [{ expression: 'request.nme == ""' }] }, "undefined field 'nme'"],
    [{ validations: [{ expression: 'params.x' }] }, "undeclared reference to 'params'"],
    [{ validations: [{ expression: 'variables.x' }] }, "undefined field 'x'"],
    [{ validations: [{ expression: 'request.name' }] }, 'must evaluate to bool'],
    [{ validations: [{ ...few, reason: 'Other' }] }, 'spec.validations[0].reason: Unsupported value: "Other"'],
    [
      { validations: [{ ...few, messageExpression: '1' }] },
      'spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string',
    ],
    [
      { validations: [few], variables: [{ name: 'a-b', expression: '1' }] },
      'spec.variables[0].name: Invalid value: "a-b": name is not a valid CEL identifier',
    ],
    [{ validations: [few], variables: [{ name: 'a', expression: 'variables.a' }] }, "undefined field 'a'"],
    [
      { auditAnnotations: [{ key: 'k', valueExpression: '1' }] },
      'spec.auditAnnotations[0].valueExpression: Invalid value: "1": must evaluate to one of the types: [string null]',
    ],
    [{ validations: [few], paramKind: {} }, 'spec.paramKind.apiVersion: Required value'],
  ])('%j', (spec, text) => expect(refused(spec).join('\n')).toContain(text));

  it.each<readonly [Partial<BindingSpec>, string]>([
    [{ policyName: '' }, 'spec.policyName: Required value'],
    [{ validationActions: [] }, 'spec.validationActions: Required value'],
    [{ validationActions: ['Deny', 'Warn'] }, 'must not contain both Deny and Warn'],
    [{ validationActions: ['Log'] }, 'spec.validationActions[0]: Unsupported value: "Log"'],
    [{ paramRef: { name: 'a' } }, 'spec.paramRef.parameterNotFoundAction: Required value'],
    [{ paramRef: { parameterNotFoundAction: 'Deny' } }, 'one of name or selector must be specified'],
    [
      { paramRef: { name: 'a', selector: {}, parameterNotFoundAction: 'Deny' } },
      'name and selector are mutually exclusive',
    ],
  ])('binding %j', (spec, text) =>
    expect(
      validatingAdmissionPolicyBindings
        .validate(bindingOf(spec))
        .map(({ field, message }) => `${field}: ${message}`)
        .join('\n'),
    ).toContain(text),
  );
});
