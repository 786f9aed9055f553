import { describe, expect, it } from 'vitest';
import { UsageError, type Command } from './command.ts';
import { parseCommandLine } from './parse-command-line.ts';

const command: Command = {
  about: '',
  options: {
    output: { type: 'string', short: 'o', choices: ['json'], help: '' },
    group: { type: 'string', multiple: true, help: '' },
    yes: { type: 'boolean', help: '' },
  },
  positional: { name: 'FILE', required: false, help: '' },
  run: async () => 0,
};
const needy: Command = { about: '', positional: { name: 'FILE', required: true, help: '' }, run: async () => 0 };

describe('a command line', () => {
  it('gives options and the operand in any order', () => {
    expect(parseCommandLine(command, ['x.tar', '-o', 'json', '--group=a', '--group', 'b', '--yes'])).toMatchObject({
      positional: 'x.tar',
      values: { output: 'json', group: ['a', 'b'], yes: true },
    });
  });

  it('asks for help whatever else is there', () => expect(parseCommandLine(needy, ['--help'])).toBe('help'));

  it.each([
    ['an unknown option', command, ['--none']],
    ['an option without its value', command, ['--output']],
    ['a value that is no choice', command, ['-o', 'yaml']],
    ['a second operand', command, ['a', 'b']],
    ['an operand where there is none', { ...command, positional: undefined } as unknown as Command, ['a']],
    ['a missing operand', needy, []],
  ])('is refused with %s', (_what, asked, args) => expect(() => parseCommandLine(asked, args)).toThrow(UsageError));
});
