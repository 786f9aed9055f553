import { visitKeys } from './visit-keys.ts';

/** As many as the API server reports (sigs.k8s.io/json, kubernetes_patch.go). */
const maxReports = 100;

/** A key that an object has already, and the line of the text, from 1, where it comes again. */
export type DuplicateKey = { readonly key: string; readonly line: number };

export type DuplicateScan =
  | { readonly kind: 'scanned'; readonly duplicates: readonly string[]; readonly keys: readonly DuplicateKey[] }
  | { readonly kind: 'tooDeep' };

/** Finds the fields that JSON text names twice in one object, in the order of the text. */
export function duplicateFields(text: string): DuplicateScan {
  const duplicates = new Map<string, { key: string; at: number }>();
  const isScanned = visitKeys(text, ({ key, at, isAgain, path }) => {
    if (isAgain && duplicates.size < maxReports) duplicates.set(complaint('duplicate', path()), { key, at });
  });
  if (!isScanned) return { kind: 'tooDeep' };
  const keys = [...duplicates.values()].map(({ key, at }) => ({ key, line: lineAt(text, at) }));
  return { kind: 'scanned', duplicates: [...duplicates.keys()], keys };
}

const complaint = (what: 'duplicate' | 'unknown', path: string): string => `${what} field ${JSON.stringify(path)}`;

/** What is wrong with fields of this text, as a decoder comes across it that reads both in one go. */
export function inTextOrder(text: string, duplicates: readonly string[], unknown: readonly string[]): string[] {
  if (duplicates.length === 0 || unknown.length === 0) return [...duplicates, ...unknown];
  const wanted = new Set([...duplicates, ...unknown]);
  const found = new Set<string>();
  visitKeys(text, ({ isAgain, path }) => {
    const said = complaint(isAgain ? 'duplicate' : 'unknown', path());
    if (wanted.has(said)) found.add(said);
  });
  return [...found, ...[...wanted].filter((said) => !found.has(said))];
}

/** As Go's YAML reader tells them (go.yaml.in/yaml decode.go). */
export const yamlComplaint = (keys: readonly DuplicateKey[]): string =>
  [
    'yaml: unmarshal errors:',
    ...keys.map(({ key, line }) => `line ${line}: key ${JSON.stringify(key)} already set in map`),
  ].join('\n  ');

/** Of the character at this place, from 1. */
export const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length;
