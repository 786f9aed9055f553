import { constants } from 'node:os';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';

/** As glibc and musl number them for programs; 32 and 33 are the C library's own. */
const firstRealTimeSignal = 34;
const lastRealTimeSignal = 64;

/** `SIGTERM`, `TERM`, `15`, `SIGRTMIN+3`, `SIGRTMAX-1` → the number on Linux. InvalidArgument when it is none. */
export function signalNumber(signal: string): number {
  const name = signal.toUpperCase().replace(/^(?!SIG|\d)/, 'SIG');
  const number = /^\d+$/.test(name) ? Number(name) : (named(name) ?? realTime(name));
  if (number === undefined || number < 1 || number > lastRealTimeSignal) {
    throw new RuntimeError('InvalidArgument', `${signal} is not a signal`);
  }
  return number;
}

const named = (name: string): number | undefined =>
  Object.hasOwn(constants.signals, name) ? constants.signals[name as NodeJS.Signals] : undefined;

function realTime(name: string): number | undefined {
  const [, base, offset] = /^SIGRT(MIN|MAX)([+-]\d+)?$/.exec(name) ?? [];
  if (!base) return undefined;
  const number = (base === 'MIN' ? firstRealTimeSignal : lastRealTimeSignal) + Number(offset ?? 0);
  return number < firstRealTimeSignal ? undefined : number;
}
