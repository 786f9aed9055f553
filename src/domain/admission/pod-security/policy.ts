import { invalidValue, type FieldError } from '../../meta/field-error.ts';
import type { Level } from './check.ts';
import type { LevelVersion } from './checks.ts';

/** What a namespace asks of its pods. */
export type Policy = { enforce: LevelVersion; audit: LevelVersion; warn: LevelVersion };

export type ReadPolicy = { policy: Policy; errors: FieldError[] };

const prefix = 'pod-security.kubernetes.io/';
const levels: readonly string[] = ['privileged', 'baseline', 'restricted'];

/** Labels that cannot be read ask for the most where they forbid, and for nothing where they only tell (pod-security-admission/api/helpers.go). */
export function readPolicy(labels: Readonly<Record<string, string>> = {}): ReadPolicy {
  const errors: FieldError[] = [];
  const refuse = (label: string, why: string) =>
    errors.push(invalidValue(`metadata.labels[${label}]`, labels[label], why));
  const read = (mode: keyof Policy): LevelVersion => {
    const level = labels[`${prefix}${mode}`] ?? 'privileged';
    const isLevel = levels.includes(level);
    if (!isLevel) refuse(`${prefix}${mode}`, `must be one of ${levels.join(', ')}`);
    const text = labels[`${prefix}${mode}-version`] ?? 'latest';
    const version = text === 'latest' ? Infinity : Number(/^v1\.(\d|[1-9]\d*)$/.exec(text)?.[1] ?? NaN);
    if (Number.isNaN(version)) refuse(`${prefix}${mode}-version`, 'must be "latest" or "v1.x"');
    const fallback: Level = mode === 'enforce' ? 'restricted' : 'privileged';
    return { level: isLevel ? (level as Level) : fallback, version: Number.isNaN(version) ? Infinity : version };
  };
  return { policy: { enforce: read('enforce'), audit: read('audit'), warn: read('warn') }, errors };
}

/** `restricted:latest`, `baseline:v1.30`. */
export const formatLevel = ({ level, version }: LevelVersion): string =>
  `${level}:${version === Infinity ? 'latest' : `v1.${version}`}`;

/** More than zero where the first is stricter. */
export const compareLevels = (a: Level, b: Level): number => levels.indexOf(a) - levels.indexOf(b);
