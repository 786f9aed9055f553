import { commands } from './commands.ts';
import { UsageError, type Command } from './command.ts';
import { bashCompletion, fishCompletion, zshCompletion, type Completable } from './completion/shells.ts';
import { optionsOf } from './parse-command-line.ts';

const shells: Readonly<Record<string, (commands: readonly Completable[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export const completionCommand: Command = {
  about: `Prints the completion of k2d's commands and options for a shell, for example
  k2d completion bash >/etc/bash_completion.d/k2d`,
  positional: { name: 'SHELL', required: true, help: Object.keys(shells).join(', ') },
  run: async ({ positional = '' }) => {
    if (!Object.hasOwn(shells, positional)) throw new UsageError(`SHELL is one of ${Object.keys(shells).join(', ')}`);
    process.stdout.write(shells[positional]!(await completables()));
    return 0;
  },
};

const completables = (): Promise<Completable[]> =>
  Promise.all(
    Object.entries(commands).map(async ([name, { summary, load }]) => {
      const command = name === 'completion' ? completionCommand : await load();
      const options = Object.entries(optionsOf(command));
      return {
        name,
        summary,
        files: command.positional?.name === 'FILE',
        words: name === 'completion' ? Object.keys(shells) : [],
        options: options.map(([option, { help, choices = [] }]) => ({ name: option, help, choices })),
      };
    }),
  );
