import { pino } from 'pino';
import type { Config } from './config.ts';
import type { Logger } from './domain/meta/logger.ts';

/** One line a happening on stdout, where the engine keeps it: JSON for machines, or text for people. */
export function createLogger({ logLevel, logFormat }: Pick<Config, 'logLevel' | 'logFormat'>): Logger {
  const options = { level: logLevel, base: null, serializers: { error: describeError, err: describeError } };
  return logFormat === 'json' ? pino(options) : pino(options, { write: (line) => process.stdout.write(toText(line)) });
}

/** The whole chain of causes in one line; the stack only where nobody expected the error. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const chain: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && chain.length < 5; cause = cause.cause) {
    const code = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
    chain.push(`${cause.name}${code}: ${cause.message}`);
  }
  const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  const where = isBug ? ` at ${(error.stack ?? '').split('\n    at ').slice(1, 4).join(' < ')}` : '';
  return chain.join(' <- ') + where;
}

const levels: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

function toText(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as { level: number; time: number; msg: string };
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${new Date(time).toISOString()} ${levels[level] ?? level} ${msg} ${rest.join(' ')}`.trimEnd() + '\n';
}
