import type { Container, PodSpec, Volume } from '../meta/types.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const namePrefix = 'kube-api-access-';
/** An hour and 7 seconds tell injected tokens from asked-for ones (kubernetes pkg/serviceaccount/claims.go WarnOnlyBoundTokenExpirationPeriod). */
const expirationSeconds = 3607;

const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    defaultMode: 420,
    sources: [
      { serviceAccountToken: { path: 'token', expirationSeconds } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
  },
});

const mountsThere = ({ volumeMounts }: Container): boolean =>
  (volumeMounts ?? []).some((mount) => mount.mountPath === mountPath);

/** Gives the account's token to every container that mounts nothing of its own there; `name` is used when the pod has no such volume yet. */
export function mountToken(spec: PodSpec, name: string): PodSpec {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  if (containers.every(mountsThere)) return spec;
  const present = (spec.volumes ?? []).find((volume) => volume.name.startsWith(namePrefix));
  const mount = (container: Container): Container =>
    mountsThere(container)
      ? container
      : {
          ...container,
          volumeMounts: [...(container.volumeMounts ?? []), { name: present?.name ?? name, readOnly: true, mountPath }],
        };
  return {
    ...spec,
    volumes: [...(spec.volumes ?? []), ...(present ? [] : [tokenVolume(name)])],
    containers: spec.containers.map(mount),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(mount) } : {}),
  };
}
