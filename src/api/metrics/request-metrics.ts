import type { RequestInfo } from '../request-info.ts';
import { Counters } from './counters.ts';
import { DurationHistograms } from './duration-histograms.ts';
import { labelText, type MetricFamily } from './exposition.ts';

/** Label sets that are counted apart; there are fewer unless custom resources come and go by the hundred. */
const maxSeries = 2000;

/** The request as Kubernetes' own metrics name it. What is served is one of the catalog's, so that no client invents labels. */
export type Observed = { info: RequestInfo | undefined; isServed: boolean; method: string };

/** Counts and durations of requests, under the names of apiserver pkg/endpoints/metrics/metrics.go. */
export class RequestMetrics {
  readonly #totals = new Counters();
  readonly #durations = new DurationHistograms();
  readonly #longRunning = new Counters();

  /** An answer that has ended; `seconds` is left out for those that last as long as the client likes. */
  observe(observed: Observed, code: number, seconds?: number): void {
    const labels = labelsOf(observed);
    this.#totals.add(bounded(this.#totals, `${labels},code="${code}"`));
    if (seconds === undefined) return;
    this.#durations.observe(bounded(this.#durations, labels), seconds);
  }

  /** A watch or a followed log has begun; answers what to call when it ends. */
  longRunning(observed: Observed): () => void {
    const labels = labelsOf(observed);
    this.#longRunning.add(labels);
    return () => this.#longRunning.add(labels, -1);
  }

  families(): MetricFamily[] {
    return [
      {
        name: 'apiserver_request_total',
        help: 'Counter of apiserver requests broken out for each verb, group, version, resource, scope and HTTP response code.',
        type: 'counter',
        samples: this.#totals.samples(),
      },
      {
        name: 'apiserver_request_duration_seconds',
        help: 'Response latency distribution in seconds for each verb, group, version, resource, subresource and scope.',
        type: 'histogram',
        samples: this.#durations.samples(),
      },
      {
        name: 'apiserver_longrunning_requests',
        help: 'Gauge of all active long-running apiserver requests broken out by verb, group, version, resource and scope.',
        type: 'gauge',
        samples: this.#longRunning.samples(),
      },
    ];
  }
}

/** Once there are too many label sets, the rest are counted together. */
const bounded = (series: { size: number; has(labels: string): boolean }, labels: string): string =>
  series.has(labels) || series.size < maxSeries ? labels : 'verb="other"';

/** metrics.go cleanVerb */
const verbs: Readonly<Record<string, string>> = { create: 'POST', update: 'PUT' };

function labelsOf({ info, isServed, method }: Observed): string {
  if (!info || !isServed)
    return labelText({ verb: method, group: '', version: '', resource: '', subresource: '', scope: '' });
  const { verb, group, version, resource, subresource, namespace, name } = info;
  const scope = name !== '' ? 'resource' : namespace !== '' ? 'namespace' : 'cluster';
  return labelText({ verb: verbs[verb] ?? verb.toUpperCase(), group, version, resource, subresource, scope });
}
