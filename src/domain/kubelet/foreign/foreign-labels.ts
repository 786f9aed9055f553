import { labelValue, qualifiedName } from '../../meta/names.ts';

type Labels = Readonly<Record<string, string>>;

export const composeService = (labels: Labels): string | undefined =>
  labels['com.docker.compose.service'] ?? labels['io.podman.compose.service'];

const composeProject = (labels: Labels): string | undefined =>
  labels['com.docker.compose.project'] ?? labels['io.podman.compose.project'];

/**
 * The engine's labels, and the usual ones for what they say (kubernetes.io/docs/concepts/overview/working-with-objects/common-labels).
 * What is too long for a label, or has other characters, is an annotation.
 */
export function foreignLabels(labels: Labels): { labels: Labels; annotations: Labels } {
  const own = Object.entries(labels).filter(([key]) => qualifiedName(key).length === 0 && !key.startsWith('k2d.io/'));
  const isLabel = ([, value]: [string, string]) => labelValue(value).length === 0;
  return {
    labels: { ...usualLabels(labels), ...Object.fromEntries(own.filter(isLabel)) },
    annotations: Object.fromEntries(own.filter((entry) => !isLabel(entry))),
  };
}

function usualLabels(labels: Labels): Labels {
  const said = {
    'app.kubernetes.io/name': composeService(labels),
    'app.kubernetes.io/part-of': composeProject(labels),
    'app.kubernetes.io/managed-by': managedBy(labels),
  };
  return Object.fromEntries(
    Object.entries(said).filter((entry): entry is [string, string] => labelValue(entry[1] ?? '-').length === 0),
  );
}

/** Who may make it anew when it is deleted. */
function managedBy(labels: Labels): string | undefined {
  if (labels['PODMAN_SYSTEMD_UNIT'] !== undefined) return 'systemd';
  if (composeProject(labels) !== undefined) return 'compose';
  return labels['org.testcontainers'] === undefined ? undefined : 'testcontainers';
}
