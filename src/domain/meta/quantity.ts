/** Amounts of memory, CPU and storage (apimachinery pkg/api/resource/quantity.go). */
const binary: Readonly<Record<string, bigint>> = {
  Ki: 1024n,
  Mi: 1024n ** 2n,
  Gi: 1024n ** 3n,
  Ti: 1024n ** 4n,
  Pi: 1024n ** 5n,
  Ei: 1024n ** 6n,
};
const decimalExponent: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const form = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,2})?$/;

/** The amount in thousandths, rounded up as Kubernetes does; undefined when the text is no quantity. */
export function parseMilli(text: string | number): bigint | undefined {
  const parts = form.exec(String(text));
  if (!parts || (parts[2] === '' && (parts[3] ?? '') === '')) return undefined;
  const fraction = parts[3] ?? '';
  const digits = BigInt(`${parts[2]}${fraction}` || '0');
  const suffix = parts[4] ?? '';
  const factor = binary[suffix] ?? 1n;
  const exponent = /^[eE][+-]?\d/.test(suffix) ? Number(suffix.slice(1)) : (decimalExponent[suffix] ?? 0);
  const shift = exponent + 3 - fraction.length;
  const scaled = digits * factor;
  const divisor = 10n ** BigInt(Math.max(0, -shift));
  const milli = shift >= 0 ? scaled * 10n ** BigInt(shift) : (scaled + divisor - 1n) / divisor;
  return parts[1] === '-' ? -milli : milli;
}

/** Whole units (bytes, pods), rounded up; throws on what validation should have refused. */
export function quantityValue(text: string | number): number {
  const milli = parseMilli(text);
  if (milli === undefined) throw new TypeError(`not a quantity: ${String(text)}`);
  return Number((milli + 999n) / 1000n);
}

/** Thousandths (CPU millicores); throws on what validation should have refused. */
export function quantityMilli(text: string | number): number {
  const milli = parseMilli(text);
  if (milli === undefined) throw new TypeError(`not a quantity: ${String(text)}`);
  return Number(milli);
}
