import { readConfig } from '../config.ts';
import type { Command } from './command.ts';
import { gatherStatus } from './status/gather-status.ts';
import { statusTable } from './status/status-table.ts';

export const statusCommand: Command = {
  about: 'Shows what the k2d of these settings does now, and what an operator should look at.',
  options: {
    output: { type: 'string', short: 'o', value: 'FORM', choices: ['table', 'json'], help: 'table (default) or json' },
  },
  exitCodes: {
    0: 'it serves, and there is no problem',
    1: 'it does not serve',
    3: 'it serves, and there are problems',
  },
  run: async ({ values }) => {
    const report = await gatherStatus(readConfig(process.env));
    const text = values['output'] === 'json' ? `${JSON.stringify(report, null, 2)}\n` : statusTable(report, new Date());
    process.stdout.write(text);
    if (!report.api.serves) return 1;
    return report.problems.length === 0 ? 0 : 3;
  },
};
