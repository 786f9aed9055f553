import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { bashCompletion, fishCompletion, zshCompletion } from './completion/shells.ts';
import { helpText, overview } from './help-text.ts';

const names = Object.keys(commands);

describe('every command', () => {
  it.each(names)('%s has a help text with its options and exit codes', async (name) => {
    const command = await commands[name]!.load();
    const text = helpText(name, command);
    expect(text).toMatch(new RegExp(`^usage: k2d ${name} `));
    for (const option of Object.keys(command.options ?? {})) expect(text).toContain(`--${option}`);
    expect(text).toMatch(/Exit codes:\n {2}0 /);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(180);
  });

  it('is in the overview', () => {
    for (const name of names) expect(overview()).toContain(`  ${name} `);
  });
});

const completable = [
  {
    name: 'status',
    summary: "k2d's status: all of it",
    files: false,
    words: [],
    options: [{ name: 'output', help: 'table [or] json', choices: ['table', 'json'] }],
  },
  {
    name: 'images import',
    summary: 'load',
    files: true,
    words: [],
    options: [{ name: 'help', help: 'h', choices: [] }],
  },
];

describe('completion', () => {
  const completed = (...words: string[]): string[] => {
    const script = `${bashCompletion(completable)}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_k2d\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`;
    const output = execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: import.meta.dirname });
    return output.split('\n').filter((line) => line !== '');
  };

  it('of bash completes commands, their second word, options, choices and files', () => {
    expect(completed('k2d', 'sta')).toEqual(['status']);
    expect(completed('k2d', 'images', '')).toEqual(['import']);
    expect(completed('k2d', 'status', '--o')).toEqual(['--output']);
    expect(completed('k2d', 'status', '--output', 'j')).toEqual(['json']);
    expect(completed('k2d', 'images', 'import', 'parse-command-line.test')).toEqual(['parse-command-line.test.ts']);
  });

  it('of zsh and fish names every command and option', () => {
    for (const text of [zshCompletion(completable), fishCompletion(completable)])
      for (const word of ['status', 'import', 'output', 'json']) expect(text).toContain(word);
    expect(fishCompletion(completable)).toContain(String.raw`-d 'k2d\'s status: all of it'`);
    expect(zshCompletion(completable)).toContain(String.raw`'status:k2d'\''s status\: all of it'`);
  });
});

it('the server loads no other command', () => {
  const loaded = new Set<string>();
  const visit = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    const imports = readFileSync(path, 'utf8').matchAll(/^(?:import|export) (?!type)[^;]*? from '(\.[^']+)';/gm);
    for (const [, found = ''] of imports) visit(join(path, '..', found));
  };
  visit(join(import.meta.dirname, 'serve-command.ts'));
  visit(join(import.meta.dirname, '../main.ts'));
  const own = [...loaded].map((path) => path.slice(import.meta.dirname.length + 1));
  expect(own).toContain('serve.ts');
  expect(
    own.filter((path) => /^(status|doctor|backup|restore|reset|hold|images|completion|archive)\b/.test(path)),
  ).toEqual([]);
});
