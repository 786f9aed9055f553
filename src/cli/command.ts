/** One option of a command, told once: the parser, the help text and the shells' completion are made of it. */
export type Option = {
  type: 'string' | 'boolean';
  short?: string;
  /** May be given several times. */
  multiple?: true;
  /** How the help calls what follows it. */
  value?: string;
  choices?: readonly string[];
  help: string;
};

export type Positional = { name: string; required: boolean; help: string };

export type OptionValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export type Invocation = { values: OptionValues; positional: string | undefined };

/** What a person, or a script, can ask of `k2d`. */
export type Command = {
  /** Sentences for `k2d COMMAND --help`. */
  about: string;
  options?: Readonly<Record<string, Option>>;
  positional?: Positional;
  /** Beside 0, 1 and 2, which mean the same everywhere. */
  exitCodes?: Readonly<Record<number, string>>;
  /** Answers the exit code; what it throws is 1. */
  run(invocation: Invocation): Promise<number>;
};

/** Asked for wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const textOf = (values: OptionValues, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

export const textsOf = (values: OptionValues, name: string): readonly string[] =>
  [values[name] ?? []].flat().filter((value) => typeof value === 'string');
