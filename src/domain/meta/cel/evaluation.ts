import type { Budget } from './budget.ts';
import type { Expression } from './expression.ts';
import type { FunctionTable } from './function-table.ts';
import type { Value } from './value.ts';

/** Values by name; undefined is no such variable. */
export type Scope = (name: string) => Value | undefined;

export type Evaluation = { readonly functions: FunctionTable; readonly budget: Budget };

export type Evaluate = (node: Expression, scope: Scope, evaluation: Evaluation) => Value;
