import { DurationHistograms } from './duration-histograms.ts';
import { labelText, type MetricFamily, samplesOf } from './exposition.ts';

/**
 * Counts and durations of what the engine is asked, under the kubelet's names (kubernetes pkg/kubelet/metrics/metrics.go); failures also by
 * their code. Operations and codes are closed sets, so this grows no further than them.
 */
export class RuntimeMetrics {
  readonly #totals = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #durations = new DurationHistograms();

  /** A call that has ended; `seconds` is left out for those that last as long as their reader likes, `code` says why one failed. */
  observe(operation: string, seconds?: number, code?: string): void {
    const labels = labelText({ operation_type: operation });
    countUp(this.#totals, labels);
    if (seconds !== undefined) this.#durations.observe(labels, seconds);
    if (code !== undefined) countUp(this.#errors, labelText({ operation_type: operation, code }));
  }

  families(): MetricFamily[] {
    return [
      {
        name: 'kubelet_runtime_operations_total',
        help: 'Cumulative number of runtime operations by operation type.',
        type: 'counter',
        samples: samplesOf(this.#totals),
      },
      {
        name: 'kubelet_runtime_operations_errors_total',
        help: 'Cumulative number of runtime operation errors by operation type and code.',
        type: 'counter',
        samples: samplesOf(this.#errors),
      },
      {
        name: 'kubelet_runtime_operations_duration_seconds',
        help: 'Duration in seconds of runtime operations. Broken down by operation type.',
        type: 'histogram',
        samples: this.#durations.samples(),
      },
    ];
  }
}

const countUp = (series: Map<string, number>, labels: string): void =>
  void series.set(labels, (series.get(labels) ?? 0) + 1);
