import type { Container, Pod } from '../../meta/types.ts';

/** What has to be pulled for a container besides its own image, as containers that have it: the images that it mounts. */
export function mountedImages(pod: Pod, container: Container): Container[] {
  const names = new Set((container.volumeMounts ?? []).map(({ name }) => name));
  return (pod.spec?.volumes ?? []).flatMap(({ name, image }) =>
    image && names.has(name)
      ? [
          {
            name: container.name,
            image: image.reference ?? '',
            ...(image.pullPolicy ? { imagePullPolicy: image.pullPolicy } : {}),
          },
        ]
      : [],
  );
}
