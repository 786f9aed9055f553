import { Counters } from './counters.ts';
import { DurationHistograms } from './duration-histograms.ts';
import { labelText, type MetricFamily } from './exposition.ts';

/**
 * Counts and durations of what the engine is asked, under the kubelet's names (kubernetes pkg/kubelet/metrics/metrics.go); failures also by
 * their code. Operations and codes are closed sets, so this grows no further than them.
 */
export class RuntimeMetrics {
  readonly #totals = new Counters();
  readonly #errors = new Counters();
  readonly #durations = new DurationHistograms();

  /** A call that has ended; `seconds` is left out for those that last as long as their reader likes, `code` says why one failed. */
  observe(operation: string, seconds?: number, code?: string): void {
    const labels = labelText({ operation_type: operation });
    this.#totals.add(labels);
    if (seconds !== undefined) this.#durations.observe(labels, seconds);
    if (code !== undefined) this.#errors.add(labelText({ operation_type: operation, code }));
  }

  families(): MetricFamily[] {
    return [
      {
        name: 'kubelet_runtime_operations_total',
        help: 'Cumulative number of runtime operations by operation type.',
        type: 'counter',
        samples: this.#totals.samples(),
      },
      {
        name: 'kubelet_runtime_operations_errors_total',
        help: 'Cumulative number of runtime operation errors by operation type and code.',
        type: 'counter',
        samples: this.#errors.samples(),
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
