/** One thing that must hold; answers nothing when it does, else what does not, in a few words that may be shown. */
export type HealthCheck = { name: string; check: () => string | undefined };

export type HealthReport = { healthy: boolean; text: string };

/** The texts of kube-apiserver's health endpoints (apiserver pkg/server/healthz/healthz.go). `endpoint` is `livez`, `readyz` or `healthz`. */
export function healthReport(endpoint: string, checks: readonly HealthCheck[], query: URLSearchParams): HealthReport {
  const excluded = new Set(query.getAll('exclude'));
  const results = checks.map(({ name, check }) => ({ name, problem: excluded.has(name) ? undefined : check() }));
  const healthy = results.every(({ problem }) => problem === undefined);
  if (healthy && !query.has('verbose')) return { healthy, text: 'ok' };
  const lines = results.map(({ name, problem }) => {
    if (excluded.has(name)) return `[+]${name} excluded: ok`;
    return problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem}`;
  });
  return { healthy, text: [...lines, `${endpoint} check ${healthy ? 'passed' : 'failed'}`, ''].join('\n') };
}
