import { parseArgs } from 'node:util';
import { UsageError, type Command, type Invocation, type Option, type OptionValues } from './command.ts';
import { errorMessage } from '../domain/meta/error-message.ts';

const help: Option = { type: 'boolean', short: 'h', help: 'print this text' };

export const optionsOf = (command: Command): Readonly<Record<string, Option>> => ({ ...command.options, help });

/** What was asked of the command, or that its help was. Throws UsageError. */
export function parseCommandLine(command: Command, args: readonly string[]): Invocation | 'help' {
  const { values, positionals } = parsed(optionsOf(command), args);
  if (values['help'] === true) return 'help';
  const [positional, ...more] = positionals;
  const wanted = command.positional;
  if (positional !== undefined && !wanted) throw new UsageError(`unexpected ${JSON.stringify(positional)}`);
  if (more.length > 0) throw new UsageError(`unexpected ${JSON.stringify(more[0])}`);
  if (wanted?.required && positional === undefined) throw new UsageError(`${wanted.name} is missing`);
  for (const [name, { choices }] of Object.entries(command.options ?? {})) {
    const value = values[name];
    if (choices && value !== undefined && !choices.includes(String(value)))
      throw new UsageError(`--${name} is one of ${choices.join(', ')}`);
  }
  return { values, positional };
}

type Parsed = { values: OptionValues; positionals: readonly string[] };

function parsed(options: Readonly<Record<string, Option>>, args: readonly string[]): Parsed {
  const known = Object.entries(options).map(([name, { type, short, multiple = false }]) => [
    name,
    { type, multiple, ...(short === undefined ? {} : { short }) },
  ]);
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: Object.fromEntries(known) });
  } catch (error) {
    throw new UsageError(errorMessage(error));
  }
}
