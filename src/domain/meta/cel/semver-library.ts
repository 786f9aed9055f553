import { EvaluationError } from './cel-error.ts';
import { compareTexts } from './comparison.ts';
import { declare, type Declaration } from './function-table.ts';
import { Opaque } from './value.ts';

type Version = { readonly numbers: readonly bigint[]; readonly labels: readonly string[] };
type Semver = Opaque<Version>;

const form =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

/** Takes off a leading v, zeros in front of numbers, and adds numbers that are missing. */
function normalized(text: string): string {
  const [, numbers = '', rest = ''] = /^v?([\d.]*)(.*)$/s.exec(text) ?? [];
  const parts = numbers.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
  return `${[...parts, '0', '0'].slice(0, Math.max(3, parts.length)).join('.')}${rest}`;
}

function parse(text: string, normalize: boolean): Semver | undefined {
  const [all, major = '', minor = '', patch = '', labels] =
    text.length > 256 ? [] : (form.exec(normalize ? normalized(text) : text) ?? []);
  if (all === undefined) return undefined;
  const version = { numbers: [major, minor, patch].map(BigInt), labels: labels?.split('.') ?? [] };
  return new Opaque('kubernetes.Semver', version, JSON.stringify([major, minor, patch, labels]));
}

function toSemver(text: string, normalize: boolean): Semver {
  const version = parse(text, normalize);
  if (!version)
    throw new EvaluationError(
      `Semver parse error during conversion from string: ${JSON.stringify(text.slice(0, 100))}`,
    );
  return version;
}

/** semver.org, 11: a version with labels comes before the one without. */
function order({ content: a }: Semver, { content: b }: Semver): number {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index]!;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (a.labels.length === 0 || b.labels.length === 0) return Math.sign(b.labels.length - a.labels.length);
  for (const [index, label] of a.labels.entries()) {
    const other = b.labels[index];
    if (other === undefined) return 1;
    if (label !== other) return orderLabels(label, other);
  }
  return a.labels.length - b.labels.length < 0 ? -1 : 0;
}

function orderLabels(a: string, b: string): number {
  const [isNumber, isOther] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber && isOther) return BigInt(a) < BigInt(b) ? -1 : 1;
  if (isNumber !== isOther) return isNumber ? -1 : 1;
  return compareTexts(a, b) < 0 ? -1 : 1;
}

/** apiserver pkg/cel/library/semverlib.go */
export const semverLibrary = (): readonly Declaration[] => [
  declare('semver(string): kubernetes.Semver', (text: string) => toSemver(text, false)),
  declare('semver(string, bool): kubernetes.Semver', toSemver),
  declare('isSemver(string): bool', (text: string) => parse(text, false) !== undefined),
  declare('isSemver(string, bool): bool', (text: string, normalize: boolean) => parse(text, normalize) !== undefined),
  ...['major', 'minor', 'patch'].map((name, index) =>
    declare(`kubernetes.Semver -> ${name}(): int`, ({ content }: Semver) => content.numbers[index]!),
  ),
  declare('kubernetes.Semver -> isGreaterThan(kubernetes.Semver): bool', (a: Semver, b: Semver) => order(a, b) > 0),
  declare('kubernetes.Semver -> isLessThan(kubernetes.Semver): bool', (a: Semver, b: Semver) => order(a, b) < 0),
  declare('kubernetes.Semver -> compareTo(kubernetes.Semver): int', (a: Semver, b: Semver) => BigInt(order(a, b))),
];
