import { metaOf } from '../../meta/object-key.ts';
import type { Deployment, Pod, PodTemplateSpec, ReplicaSet } from '../../meta/types.ts';
import { adoptAnnotation, adoptedAnnotation, adoptingAnnotation, type Adopted } from '../../resources/adopted-pod.ts';
import { foreignAnnotation } from '../../resources/foreign-pod.ts';

const instanceLabel = 'app.kubernetes.io/instance';

/** What a foreign pod becomes: paused, so that nothing is rolled out before its pod is there. */
export function adoptedDeployment(foreign: Pod): Deployment {
  const { name = '', namespace = '', labels, annotations = {} } = metaOf(foreign);
  const instance = { [instanceLabel]: name.slice(0, 63).replace(/[-.]+$/, '') };
  const { [foreignAnnotation]: group = '', [adoptAnnotation]: _adopt, ...kept } = annotations;
  return {
    metadata: {
      name,
      namespace,
      labels: { ...labels, ...instance },
      annotations: { [adoptingAnnotation]: group },
    },
    spec: {
      replicas: 1,
      paused: true,
      selector: { matchLabels: instance },
      // Two pods cannot hold one port of the host, not even for the moment of a rolling update.
      ...(hasHostPorts(foreign) ? { strategy: { type: 'Recreate' } } : {}),
      template: {
        metadata: {
          labels: { ...labels, ...instance },
          ...(Object.keys(kept).length > 0 ? { annotations: kept } : {}),
        },
        spec: templateSpec(foreign),
      },
    },
  };
}

function templateSpec({ spec }: Pod): NonNullable<PodTemplateSpec['spec']> {
  const { nodeName: _node, ...rest } = spec!;
  return { ...rest, restartPolicy: 'Always' };
}

const hasHostPorts = ({ spec }: Pod): boolean =>
  spec?.hostNetwork === true || (spec?.containers ?? []).some(({ ports }) => ports?.some(({ hostPort }) => hostPort));

/** The first pod of the set: it owns the containers that run already. */
export function adoptedPod(set: ReplicaSet, foreign: Pod): Pod {
  const { labels = {}, annotations } = set.spec?.template?.metadata ?? {};
  const { name = '', namespace = '' } = metaOf(set);
  const adopted: Adopted = {
    network: metaOf(foreign).annotations?.[foreignAnnotation] ?? '',
    containers: Object.fromEntries(
      foreign.spec!.containers.map((container) => [
        container.name,
        { id: engineId(foreign, container.name), resources: container.resources ?? {} },
      ]),
    ),
  };
  return {
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels,
      annotations: { ...annotations, [adoptedAnnotation]: JSON.stringify(adopted) },
    },
    spec: { ...set.spec!.template!.spec!, nodeName: foreign.spec!.nodeName! },
  };
}

const engineId = ({ status }: Pod, container: string): string =>
  status?.containerStatuses?.find(({ name }) => name === container)?.containerID?.split('://')[1] ?? '';

/** What of the containers a template cannot say, in words. */
export function undescribed({ spec, metadata }: Pod): string[] {
  const published = spec?.containers.flatMap(({ ports = [] }) => ports.flatMap(({ hostPort }) => hostPort ?? [])) ?? [];
  return [
    ...(published.length > 0 ? [`only one pod can hold port ${published.join(', ')} of the host`] : []),
    ...(spec?.hostNetwork ? [] : ["further pods live in the pods' network and answer to no name of the old one"]),
    ...(metadata?.labels?.['app.kubernetes.io/managed-by'] === 'systemd'
      ? ['systemd starts it anew when it is removed: disable its unit']
      : []),
  ];
}
