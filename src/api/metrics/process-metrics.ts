import { readFileSync } from 'node:fs';
import type { MetricFamily } from './exposition.ts';

const gauge = (name: string, help: string, value: number): MetricFamily => ({
  name,
  help,
  type: 'gauge',
  samples: [{ labels: '', value }],
});

/** This process, under the names that every Prometheus client uses. */
export function processMetrics(): MetricFamily[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', rss),
    gauge(
      'process_private_memory_bytes',
      'Anonymous resident memory in bytes: what nobody else has a use for.',
      anonymous(),
    ),
    gauge('nodejs_heap_size_used_bytes', 'Process heap size used from Node.js in bytes.', heapUsed),
    gauge('nodejs_external_memory_bytes', 'Node.js external memory size in bytes.', external),
    gauge(
      'process_start_time_seconds',
      'Start time of the process since unix epoch in seconds.',
      (Date.now() - process.uptime() * 1000) / 1000,
    ),
    {
      name: 'process_cpu_seconds_total',
      help: 'Total user and system CPU time spent in seconds.',
      type: 'counter',
      samples: [{ labels: '', value: (user + system) / 1e6 }],
    },
  ];
}

/** A line of /proc/self/status (proc_pid_status(5)). */
const anonymous = (): number =>
  1024 * Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
