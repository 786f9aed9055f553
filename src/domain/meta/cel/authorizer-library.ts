import type { Budget } from './budget.ts';
import { declare, functionTable, type Declaration, type FunctionTable } from './function-table.ts';
import { kubernetesFunctions } from './kubernetes-functions.ts';
import { Opaque, type Value } from './value.ts';

/** What somebody may do; `serviceAccount` is asked about instead of the user of the request. */
export type AccessQuery = {
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
};
export type AnswerAccess = (query: AccessQuery) => { readonly allowed: boolean; readonly reason: string };

type Check = { readonly answer: AnswerAccess; readonly query: Omit<AccessQuery, 'verb'> };
type CheckValue = Opaque<Check>;
type DecisionValue = Opaque<ReturnType<AnswerAccess>>;

const prefix = 'kubernetes.authorization';

const check = (kind: string, answer: AnswerAccess, query: Check['query']): CheckValue =>
  new Opaque(`${prefix}.${kind}`, { answer, query }, JSON.stringify(query));

/** The variables `authorizer`, and with a resource `authorizer.requestResource`. */
export const authorizerValue = (answer: AnswerAccess): Value => check('Authorizer', answer, {});
export const resourceCheckValue = (answer: AnswerAccess, query: Check['query']): Value =>
  check('ResourceCheck', answer, query);

/** All roles and bindings are looked at. */
const unitsPerDecision = 10_000;

function decide({ content: { answer, query } }: CheckValue, verb: string, budget: Budget): DecisionValue {
  budget.spend(unitsPerDecision);
  const decision = answer({ ...query, verb });
  return new Opaque(`${prefix}.Decision`, decision, JSON.stringify(decision));
}

/** Says one thing more about what is asked. */
const refining = (
  from: string,
  name: 'path' | 'group' | 'resource' | 'subresource' | 'namespace' | 'name',
  to: string,
) =>
  declare(`${prefix}.${from} -> ${name}(string): ${prefix}.${to}`, ({ content }: CheckValue, text: string) =>
    check(to, content.answer, { ...content.query, [name]: text }),
  );

/** apiserver pkg/cel/library/authz.go */
const authorizerLibrary = (): readonly Declaration[] => [
  refining('Authorizer', 'path', 'PathCheck'),
  refining('Authorizer', 'group', 'GroupCheck'),
  refining('GroupCheck', 'resource', 'ResourceCheck'),
  refining('ResourceCheck', 'subresource', 'ResourceCheck'),
  refining('ResourceCheck', 'namespace', 'ResourceCheck'),
  refining('ResourceCheck', 'name', 'ResourceCheck'),
  declare(
    `${prefix}.Authorizer -> serviceAccount(string, string): ${prefix}.Authorizer`,
    ({ content }: CheckValue, namespace: string, name: string) =>
      check('Authorizer', content.answer, { serviceAccount: { namespace, name } }),
  ),
  ...['PathCheck', 'ResourceCheck'].map((kind) =>
    declare(`${prefix}.${kind} -> check(string): ${prefix}.Decision`, decide),
  ),
  declare(`${prefix}.Decision -> allowed(): bool`, ({ content }: DecisionValue) => content.allowed),
  declare(`${prefix}.Decision -> reason(): string`, ({ content }: DecisionValue) => content.reason),
  declare(`${prefix}.Decision -> errored(): bool`, () => false),
  declare(`${prefix}.Decision -> error(): string`, () => ''),
];

let table: FunctionTable | undefined;

/** What expressions of admission may call: Kubernetes' functions, and who may do what. */
export const admissionFunctions = (): FunctionTable =>
  (table ??= new Map([...kubernetesFunctions(), ...functionTable(authorizerLibrary())]));
