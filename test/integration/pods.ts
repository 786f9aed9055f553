import { eventually } from '../conformance/runtime/eventually.ts';
import type { Kubectl } from '../clients/kubectl.ts';

export const BUSYBOX = 'docker.io/library/busybox:1.35';

/** A busybox that runs `script`; it ends at once when it is told to. */
export const busybox = (script: string, fields: object = {}): object => ({
  name: 'main',
  image: BUSYBOX,
  command: ['sh', '-c', `trap 'exit 0' TERM; ${script}`],
  ...fields,
});

/** Stays until it is told to end. */
export const STAY = 'while :; do sleep 1 & wait $!; done';

export const pod = (name: string, spec: object, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name }, ...metadata },
  spec: { terminationGracePeriodSeconds: 1, ...spec },
});

export const deployment = (name: string, podSpec: object, spec: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: name } },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { terminationGracePeriodSeconds: 1, ...podSpec } },
    ...spec,
  },
});

export type PodRow = { name: string; ready: string; status: string; restarts: number };

/** As `kubectl get pods` shows them; none of a name that there is not. */
export async function podRows(kubectl: Kubectl, what = ''): Promise<PodRow[]> {
  const table = await kubectl.run(`get pods --no-headers --ignore-not-found ${what}`.trim());
  return table
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', ready = '', status = '', restarts = ''] = line.split(/\s+/);
      return { name, ready, status, restarts: Number(restarts) };
    });
}

/** The pod's row, once it satisfies the condition. */
export function podRow(
  kubectl: Kubectl,
  what: string,
  holds: (row: PodRow) => boolean,
  withinMs = 90_000,
): Promise<PodRow> {
  const seen: string[] = [];
  return eventually(
    `pod ${what}`,
    async () => {
      const row = (await podRows(kubectl, what))[0];
      if (row && seen.at(-1) !== row.status) seen.push(row.status);
      return row && holds(row) ? row : undefined;
    },
    withinMs,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; its status was ${seen.join(', ')}`, { cause: error });
  });
}

/** The engine's id of each container of the pod. */
export async function containerIds(kubectl: Kubectl, pod: string): Promise<Record<string, string>> {
  const path = '{range .status.containerStatuses[*]}{.name}={.containerID};{end}';
  const text = await kubectl.run(['get', 'pod', pod, '-o', `jsonpath=${path}`]);
  const pairs = text.split(';').filter((pair) => pair !== '');
  return Object.fromEntries(pairs.map((pair) => pair.split(/=\w+:\/\//) as [string, string]));
}
