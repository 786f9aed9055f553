import type { Command, Option } from './command.ts';
import { commands } from './commands.ts';
import { optionsOf } from './parse-command-line.ts';

const exitCodes = { 0: 'done', 1: 'it failed; standard error says why', 2: 'asked for wrongly' };

/** `k2d help`. */
export const overview = (): string => `usage: k2d COMMAND [OPTION]...

${columns(Object.entries(commands).map(([name, { summary }]) => [name, summary]))}
${columns([['help', 'print this text']])}

k2d COMMAND --help tells more. Settings are K2D_... variables of the environment; see the README.
`;

/** `k2d COMMAND --help`. */
export function helpText(name: string, command: Command): string {
  const options = Object.entries(optionsOf(command)).map(
    ([option, form]) => [formOf(option, form), form.help] as const,
  );
  const { positional } = command;
  const operand = positional ? [[positional.name, positional.help] as const] : [];
  const place = positional ? ` ${positional.required ? positional.name : `[${positional.name}]`}` : '';
  const codes = Object.entries({ ...exitCodes, ...command.exitCodes });
  return `usage: k2d ${name} [OPTION]...${place}

${command.about}

${columns([...operand, ...options])}

Exit codes:
${columns(codes)}
`;
}

function formOf(name: string, { short, value = 'TEXT', type }: Option): string {
  const beginning = short === undefined ? `    --${name}` : `-${short}, --${name}`;
  return type === 'boolean' ? beginning : `${beginning} ${value}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length), 13);
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
