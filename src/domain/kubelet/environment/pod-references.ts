import { claimsOfPod } from '../../resources/pod-claims.ts';
import type { Container, Pod } from '../../meta/types.ts';

/** `configmaps/x`, `secrets/y` and `persistentvolumeclaims/z` that the pod is made from: a change of one of them is a reason to look again. */
export function podReferences(pod: Pod): Set<string> {
  const spec = pod.spec!;
  const containers: Container[] = [...spec.containers, ...(spec.initContainers ?? [])];
  const fromVolumes = (spec.volumes ?? []).flatMap((volume) => [
    configMap(volume.configMap?.name),
    secret(volume.secret?.secretName),
    ...(volume.projected?.sources ?? []).flatMap((s) => [configMap(s.configMap?.name), secret(s.secret?.name)]),
  ]);
  const fromEnv = containers.flatMap((container) => [
    ...(container.envFrom ?? []).flatMap((e) => [configMap(e.configMapRef?.name), secret(e.secretRef?.name)]),
    ...(container.env ?? []).flatMap((e) => [
      configMap(e.valueFrom?.configMapKeyRef?.name),
      secret(e.valueFrom?.secretKeyRef?.name),
    ]),
  ]);
  const claims = claimsOfPod(pod).map(({ name }) => `persistentvolumeclaims/${name}`);
  const pull = (spec.imagePullSecrets ?? []).map(({ name }) => secret(name));
  return new Set([...fromVolumes, ...fromEnv, ...claims, ...pull].filter((name) => name !== undefined));
}

const configMap = (name: string | undefined) => (name === undefined ? undefined : `configmaps/${name}`);
const secret = (name: string | undefined) => (name === undefined ? undefined : `secrets/${name}`);
