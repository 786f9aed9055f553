const head = 'yaml: unmarshal errors:';

/** What is one error with many lines are as many warnings (apiserver pkg/endpoints/handlers/rest.go parseYAMLWarnings). */
export function warningsOf(problem: string): string[] {
  const at = problem.indexOf(`${head}\n`);
  if (at < 0) return [problem];
  const lines = problem.slice(at + head.length + 1).split('\n');
  return lines.map((line) => line.trim());
}
