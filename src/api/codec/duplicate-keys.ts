const head = 'yaml: unmarshal errors:';

/** What Go's YAML says of keys that a mapping has twice: all of them in one error. */
export const duplicateKeysError = (keys: readonly { key: string; line: number }[]): string =>
  [head, ...keys.map(({ key, line }) => `  line ${line}: key ${JSON.stringify(key)} already set in map`)].join('\n');

/** As a warning each of them stands alone (apiserver pkg/endpoints/handlers/rest.go parseYAMLWarnings). */
export function warningsOf(problem: string): string[] {
  const at = problem.indexOf(`${head}\n`);
  if (at < 0) return [problem];
  const lines = problem.slice(at + head.length + 1).split('\n');
  return lines.map((line) => line.trim());
}
