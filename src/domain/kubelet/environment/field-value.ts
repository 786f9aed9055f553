import type { Pod } from '../../meta/types.ts';

type Known = { podIp: string; hostIp: string };

const simple: Readonly<Record<string, (pod: Pod, known: Known) => string | undefined>> = {
  'metadata.name': (pod) => pod.metadata?.name,
  'metadata.namespace': (pod) => pod.metadata?.namespace,
  'metadata.uid': (pod) => pod.metadata?.uid,
  'metadata.labels': (pod) => formatMap(pod.metadata?.labels),
  'metadata.annotations': (pod) => formatMap(pod.metadata?.annotations),
  'spec.nodeName': (pod) => pod.spec?.nodeName,
  'spec.serviceAccountName': (pod) => pod.spec?.serviceAccountName,
  'status.podIP': (_, known) => known.podIp,
  'status.podIPs': (_, known) => known.podIp,
  'status.hostIP': (_, known) => known.hostIp,
  'status.hostIPs': (_, known) => known.hostIp,
};

/** The downward API's value of a field path (kubernetes pkg/fieldpath/fieldpath.go); empty for what is not there. */
export function fieldValue(pod: Pod, path: string, known: Known): string {
  const one = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (one) return pod.metadata?.[one[1] as 'labels' | 'annotations']?.[one[2]!] ?? '';
  return (Object.hasOwn(simple, path) ? simple[path]!(pod, known) : undefined) ?? '';
}

/** One `key="value"` a line, sorted, as Go's %q writes it. */
const formatMap = (map: Readonly<Record<string, string>> = {}): string =>
  Object.keys(map)
    .toSorted()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');
