import type { VolumeMount } from '../../meta/types.ts';
import { expandVariables } from '../environment/expand-variables.ts';

export type SubPath = { kind: 'path'; path: string } | { kind: 'refused'; message: string };

/**
 * Where in its volume a mount begins; the empty path is all of it. What comes out of variables is checked like what users write
 * (kubernetes pkg/kubelet/container/helpers.go ExpandContainerVolumeMounts, pkg/kubelet/kubelet_pods.go makeMounts).
 */
export function subPathOf(mount: VolumeMount, env: Readonly<Record<string, string>>): SubPath {
  if (!mount.subPathExpr) return { kind: 'path', path: mount.subPath ?? '' };
  const missing = namesIn(mount.subPathExpr).filter((name) => !env[name]);
  if (missing.length > 0) return refused(`missing value for ${missing.join(', ')}`);
  const path = expandVariables(mount.subPathExpr, env);
  if (path.startsWith('/')) return refused(`error SubPath \`${path}\` must not be an absolute path`);
  if (path.split('/').includes('..')) return refused(`unable to provision SubPath \`${path}\`: must not contain '..'`);
  return { kind: 'path', path };
}

const refused = (message: string): SubPath => ({ kind: 'refused', message });

function namesIn(text: string): string[] {
  const names: string[] = [];
  text.replaceAll(/\$(?:\$|\(([^()]*)\))/g, (match, name: string | undefined) => {
    if (name !== undefined) names.push(name);
    return match;
  });
  return [...new Set(names)].toSorted();
}
