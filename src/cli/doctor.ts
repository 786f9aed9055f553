import { readConfig, type Config } from '../config.ts';
import type { RuntimeInfo } from '../domain/container-runtime/container-runtime.ts';
import type { Command } from './command.ts';
import { certificatesCheck } from './doctor/certificates-check.ts';
import { cgroupsCheck } from './doctor/cgroups-check.ts';
import { clockCheck } from './doctor/clock-check.ts';
import { dataPathCheck } from './doctor/data-path-check.ts';
import { diskCheck } from './doctor/disk-check.ts';
import { engineCheck } from './doctor/engine-check.ts';
import { execDelayCheck } from './doctor/exec-delay-check.ts';
import type { Check, Finding } from './doctor/finding.ts';
import { engineOf } from './engine-of.ts';
import { networkCheck } from './doctor/network-check.ts';
import { portsCheck } from './doctor/ports-check.ts';

const checks: readonly Check[] = [
  engineCheck,
  cgroupsCheck,
  networkCheck,
  portsCheck,
  dataPathCheck,
  diskCheck,
  clockCheck,
  certificatesCheck,
  execDelayCheck,
];

export const doctorCommand: Command = {
  about: 'Checks what k2d needs of this host, and says what to do where something is missing. Changes nothing.',
  options: {
    output: { type: 'string', short: 'o', value: 'FORM', choices: ['table', 'json'], help: 'table (default) or json' },
  },
  exitCodes: { 0: 'nothing fails; there may be warnings', 1: 'something fails' },
  run: async ({ values }) => {
    const config = readConfig(process.env);
    const engine = await askEngine(config);
    const host = { config, now: new Date(), engine };
    const findings = (await Promise.all(checks.map((check) => check(host)))).flat();
    process.stdout.write(values['output'] === 'json' ? `${JSON.stringify(findings, null, 2)}\n` : lines(findings));
    return findings.some(({ level }) => level === 'fail') ? 1 : 0;
  },
};

const askEngine = (config: Config): Promise<RuntimeInfo | Error> =>
  engineOf(config)
    .then((runtime) => runtime.info())
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));

const lines = (findings: readonly Finding[]): string => {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .map(({ check, level, found, advice }) => {
      const line = `${level.padEnd(4)}  ${check.padEnd(width)}  ${found}\n`;
      return advice === undefined ? line : `${line}${' '.repeat(width + 8)}=> ${advice}\n`;
    })
    .join('');
};
