import type { Budget } from './budget.ts';
import { EvaluationError } from './cel-error.ts';
import { formatDouble } from './conversions.ts';
import { formatDuration, formatTimestamp } from './time-text.ts';
import { Duration, isMap, ListValue, Timestamp, TypeValue, Uint, type Value } from './value.ts';

const maxPrecision = 100;

/** `"%d of %s".format([1, 'x'])` (cel-go ext/formatting.go). */
export function formatText(text: string, args: ListValue, budget: Budget): string {
  let next = 0;
  return text.replaceAll(
    /%(%|(?:\.(\d+))?([a-zA-Z]))?/g,
    (_all, directive?: string, digits?: string, verb?: string) => {
      if (directive === '%') return '%';
      if (verb === undefined) throw new EvaluationError('could not parse formatting clause: unexpected end of string');
      if (next >= args.size) throw new EvaluationError(`index ${next} out of range`);
      const precision = digits === undefined ? undefined : Number(digits);
      if (precision !== undefined && precision > maxPrecision) throw new EvaluationError('precision too large');
      const formatted = formatOne(args.at(next++), verb, precision, budget);
      budget.spend(1 + formatted.length / 10);
      return formatted;
    },
  );
}

function formatOne(value: Value, verb: string, precision: number | undefined, budget: Budget): string {
  const number = typeof value === 'bigint' ? value : value instanceof Uint ? value.value : undefined;
  switch (verb) {
    case 's':
      return plainText(value, budget);
    case 'd':
      if (number !== undefined) return String(number);
      break;
    case 'f':
      if (number !== undefined || typeof value === 'number')
        return isFinite(Number(number ?? value))
          ? Number(number ?? value).toFixed(precision ?? 6)
          : plainText(value, budget);
      break;
    case 'e':
      if (number !== undefined || typeof value === 'number')
        return Number(number ?? value)
          .toExponential(precision ?? 6)
          .replace(/e([+-])(\d)$/, 'e$10$2');
      break;
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      if (number !== undefined) return number.toString(2);
      break;
    case 'o':
      if (number !== undefined) return number.toString(8);
      break;
    case 'x':
    case 'X': {
      const hex = number?.toString(16) ?? hexOf(value);
      if (hex !== undefined) return verb === 'X' ? hex.toUpperCase() : hex;
      break;
    }
    default:
      throw new EvaluationError(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
  throw new EvaluationError('error during formatting: no such overload');
}

const hexOf = (value: Value): string | undefined =>
  typeof value === 'string' || value instanceof Uint8Array ? Buffer.from(value as string).toString('hex') : undefined;

function plainText(value: Value, budget: Budget): string {
  budget.spend(1);
  if (value === null) return 'null';
  if (typeof value === 'number') return formatDouble(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof TypeValue) return value.typeName;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (value instanceof ListValue)
    return `[${value
      .elements()
      .map((element) => plainText(element, budget))
      .join(', ')}]`;
  if (isMap(value))
    return `{${value
      .keys()
      .map((key) => [plainText(key, budget), plainText(value.get(key)!, budget)].join(': '))
      .toSorted()
      .join(', ')}}`;
  throw new EvaluationError('error during formatting: no such overload');
}
