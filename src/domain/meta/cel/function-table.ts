import type { Budget } from './budget.ts';
import { parseType, splitArguments, type CelType } from './cel-type.ts';
import type { Value } from './value.ts';

/** One way to call a function: what it takes, what it answers, and how. */
export type Overload = {
  readonly isMember: boolean;
  readonly takes: readonly CelType[];
  readonly answers: CelType;
  readonly call: (...args: readonly [...Value[], Budget]) => Value;
};

/** `list<A>.indexOf(A): int` and what it does; the kinds of the arguments were checked before it is called. */
export type Declaration = { readonly signature: string; readonly call: Overload['call'] };

export const declare = <A extends readonly unknown[]>(signature: string, call: (...args: A) => Value): Declaration => ({
  signature,
  call: call as unknown as Overload['call'],
});

/** All functions by name; made when the first expression needs them. */
export type FunctionTable = ReadonlyMap<string, readonly Overload[]>;

export function functionTable(declarations: readonly Declaration[]): FunctionTable {
  const table = new Map<string, Overload[]>();
  for (const { signature, call } of declarations) {
    const { name, overload } = readSignature(signature, call);
    const present = table.get(name);
    if (present) present.push(overload);
    else table.set(name, [overload]);
  }
  return table;
}

/** A receiver is written before `->`: `string -> startsWith(string): bool`. */
function readSignature(signature: string, call: Overload['call']): { name: string; overload: Overload } {
  const [, receiver, name = '', args = '', answer = ''] =
    /^(?:(\S.*?) -> )?([^\s(]+)\((.*)\): (.+)$/.exec(signature) ?? [];
  const takes = [...(receiver === undefined ? [] : [receiver]), ...splitArguments(args)].map(parseType);
  return { name, overload: { isMember: receiver !== undefined, takes, answers: parseType(answer), call } };
}
