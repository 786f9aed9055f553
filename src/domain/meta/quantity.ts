/** Amounts of memory, CPU and storage (apimachinery pkg/api/resource/quantity.go). */

export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

/** An amount in billionths, the finest that Kubernetes knows, and how its author wrote it. */
export type Quantity = { nano: bigint; format: QuantityFormat };

const binarySuffixes = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

const nanoOfOne = 10n ** 9n;

/** Larger amounts are taken for this one. */
const largest = (2n ** 63n - 1n) * nanoOfOne;

const form = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,2})?$/;

/** Undefined when the text is no quantity. What is finer than a billionth is rounded away from zero, as Kubernetes does. */
export function parseQuantity(text: string | number): Quantity | undefined {
  const [, sign, whole = '', fraction = '', suffix = ''] = form.exec(String(text)) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const { factor, exponent, format } = scaleOf(suffix);
  const shift = exponent + 9 - fraction.length;
  const digits = BigInt(whole + fraction) * factor;
  const exact = shift >= 0 ? digits * 10n ** BigInt(shift) : dividedUp(digits, 10n ** BigInt(-shift));
  const nano = exact > largest ? largest : exact;
  return { nano: sign === '-' ? -nano : nano, format };
}

function scaleOf(suffix: string): { factor: bigint; exponent: number; format: QuantityFormat } {
  const binary = binarySuffixes.indexOf(suffix);
  if (binary >= 0) return { factor: 1024n ** BigInt(binary + 1), exponent: 0, format: 'BinarySI' };
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { factor: 1n, exponent: decimal * 3 - 9, format: 'DecimalSI' };
  return { factor: 1n, exponent: Number(suffix.slice(1)), format: 'DecimalExponent' };
}

const dividedUp = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor;

/** The one text that all ways to write an amount in its format come to: `0.5` → `500m`, `1024Mi` → `1Gi`. */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const isBinary = format === 'BinarySI' && nano % nanoOfOne === 0n && magnitude(nano) >= 1024n * nanoOfOne;
  if (isBinary) {
    const { mantissa, times } = withoutFactor(nano / nanoOfOne, 1024n, binarySuffixes.length);
    return `${mantissa}${times === 0 ? '' : binarySuffixes[times - 1]}`;
  }
  const { mantissa, times } = withoutFactor(nano, 1000n, decimalSuffixes.length - 1);
  const exponent = times * 3 - 9;
  if (format === 'DecimalExponent') return exponent === 0 ? String(mantissa) : `${mantissa}e${exponent}`;
  return `${mantissa}${decimalSuffixes[times]}`;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

function withoutFactor(value: bigint, factor: bigint, most: number): { mantissa: bigint; times: number } {
  let mantissa = value;
  let times = 0;
  while (times < most && mantissa % factor === 0n) {
    mantissa /= factor;
    times++;
  }
  return { mantissa, times };
}

/** The amount in thousandths, rounded up as Kubernetes does; undefined when the text is no quantity. */
export function parseMilli(text: string | number): bigint | undefined {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return undefined;
  const { nano } = quantity;
  const milli = dividedUp(magnitude(nano), 10n ** 6n);
  return nano < 0n ? -milli : milli;
}

/** Whole units (bytes, pods), rounded up; throws on what validation should have refused. */
export function quantityValue(text: string | number): number {
  return Number((milliOf(text) + 999n) / 1000n);
}

/** Thousandths (CPU millicores); throws on what validation should have refused. */
export function quantityMilli(text: string | number): number {
  return Number(milliOf(text));
}

function milliOf(text: string | number): bigint {
  const milli = parseMilli(text);
  if (milli === undefined) throw new TypeError(`not a quantity: ${String(text)}`);
  return milli;
}
