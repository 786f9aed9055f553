import { timeSince } from '../../domain/meta/human-duration.ts';
import type { StatusReport } from './status-report.ts';

const MB = 1e6;

/** For people: a line a subject, then the problems. */
export function statusTable(report: StatusReport, now: Date): string {
  const { api, engine, dataPlane, memory, problems } = report;
  const rows = [
    [
      'k2d',
      api.serves
        ? `${api.ready ? 'ready' : 'not ready'}, ${report.instance}, Kubernetes ${api.version}`
        : 'does not answer',
    ],
    ['API', `port ${api.port}${api.startedAt === undefined ? '' : `, for ${timeSince(api.startedAt, now)}`}`],
    ['engine', engine.answers ? `${engine.name} ${engine.version}` : 'does not answer'],
    ['data plane', dataPlaneText(dataPlane)],
    ['pods', counts(report.pods)],
    ['objects', counts(report.objects)],
    ['memory', memoryText(memory)],
    ['problems', problems.length === 0 ? 'none' : String(problems.length)],
  ];
  const lines = rows.map(([subject = '', text = '']) => `${subject.padEnd(12)}${text}`);
  return [...lines, ...problems.map((problem) => `  - ${problem}`), ''].join('\n');
}

const dataPlaneText = ({ kind, loaded, services }: StatusReport['dataPlane']): string =>
  kind === 'none'
    ? 'none: Services have no rules'
    : `nftables, ${loaded ? `rules of ${services} Services` : 'no rules in the kernel'}`;

const counts = (counted: Readonly<Record<string, number>>): string =>
  Object.entries(counted)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none';

function memoryText({ private: own, resident, hostAvailable, hostTotal }: StatusReport['memory']): string {
  const host = `${megabytes(hostAvailable)} of ${megabytes(hostTotal)} MB of the host free`;
  return own === undefined
    ? host
    : `${(own / MB).toFixed(1)} MB private, ${megabytes(resident ?? 0)} MB resident; ${host}`;
}

const megabytes = (bytes: number): string => String(Math.round(bytes / MB));

/** `3d4h`, `2h5m`, `7m3s`. */
