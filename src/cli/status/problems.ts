import type { Event, Node, Pod } from '../../domain/meta/types.ts';

/** What waits longer for an image or for room than this is told. */
const PATIENCE_MS = 60_000;
const RECENT_MS = 3600_000;
const MOST_EVENTS = 10;

type Seen = { readyz: string; nodes: readonly Node[]; pods: readonly Pod[]; events: readonly Event[]; now: Date };

/** What an operator should look at, worst first, in sentences. Pure. */
export function problems({ readyz, nodes, pods, events, now }: Seen): string[] {
  return [
    ...readyz.split('\n').flatMap((line) => (line.startsWith('[-]') ? [`not ready: ${line.slice(3)}`] : [])),
    ...nodes.flatMap(nodeProblems),
    ...pods.flatMap((pod) => podProblem(pod, now)),
    ...recentWarnings(events, now),
  ];
}

function nodeProblems({ metadata, status, spec }: Node): string[] {
  const bad = (status?.conditions ?? []).filter(({ type, status }) => (type === 'Ready') !== (status === 'True'));
  const told = bad.map(
    ({ type, message = '' }) => `node ${metadata?.name}: ${type === 'Ready' ? 'not ready' : type}: ${message}`,
  );
  return spec?.unschedulable ? [...told, `node ${metadata?.name}: cordoned, takes no new pods`] : told;
}

function podProblem({ metadata, status }: Pod, now: Date): string[] {
  const name = `pod ${metadata?.namespace}/${metadata?.name}`;
  if (status?.phase === 'Succeeded') return [];
  if (status?.phase === 'Failed')
    return [`${name}: Failed: ${status.reason ?? status.message ?? 'a container failed'}`];
  const waiting = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].flatMap(
    ({ name: container, state, ready, restartCount }) => {
      const reason = state?.waiting?.reason;
      if (reason !== undefined && /BackOff|Err|Invalid|Failed/.test(reason))
        return [`${container}: ${reason}, ${restartCount} restarts`];
      return state?.running && !ready && isOld(state.running.startedAt, now)
        ? [`${container}: running, not ready`]
        : [];
    },
  );
  if (waiting.length > 0) return [`${name}: ${waiting.join('; ')}`];
  const unplaced = status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  return unplaced && isOld(metadata?.creationTimestamp, now)
    ? [`${name}: ${unplaced.message ?? 'waits for room'}`]
    : [];
}

const isOld = (time: Date | string | undefined, now: Date): boolean =>
  time !== undefined && now.getTime() - new Date(time).getTime() > PATIENCE_MS;

function recentWarnings(events: readonly Event[], now: Date): string[] {
  const timeOf = ({ lastTimestamp, eventTime, metadata }: Event) =>
    new Date(lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? 0).getTime();
  return events
    .filter((event) => event.type === 'Warning' && now.getTime() - timeOf(event) < RECENT_MS)
    .toSorted((a, b) => timeOf(b) - timeOf(a))
    .slice(0, MOST_EVENTS)
    .map(
      ({ involvedObject: { kind = '', namespace, name = '' }, reason = '', message = '' }) =>
        `event of ${kind.toLowerCase()} ${namespace ? `${namespace}/` : ''}${name}: ${reason}: ${message.slice(0, 200)}`,
    );
}
