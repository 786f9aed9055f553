import { UsageError } from './cli/command.ts';
import { commands } from './cli/commands.ts';
import { parseCommandLine } from './cli/parse-command-line.ts';
import { errorMessage } from './domain/meta/error-message.ts';

/** `k2d COMMAND`: 0 done, 1 failed, 2 asked for wrongly; what else a command answers is in its help. */
async function main(args: readonly string[]): Promise<number> {
  const [first = 'help', second] = args;
  if (['help', '--help', '-h'].includes(first)) {
    process.stdout.write((await import('./cli/help-text.ts')).overview());
    return 0;
  }
  const name = [`${first} ${second}`, first].find((candidate) => Object.hasOwn(commands, candidate));
  if (name === undefined) throw new UsageError(`no command ${JSON.stringify(first)}; k2d help lists them`);
  const command = await commands[name]!.load();
  const invocation = parseCommandLine(command, args.slice(name.split(' ').length));
  if (invocation !== 'help') return command.run(invocation);
  process.stdout.write((await import('./cli/help-text.ts')).helpText(name, command));
  return 0;
}

const code = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`k2d: ${errorMessage(error)}\n`);
  return error instanceof UsageError ? 2 : 1;
});
// A server that failed half-way still has open handles; they must not keep a process alive that serves nobody.
process.exit(code);
