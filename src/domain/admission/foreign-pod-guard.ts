import { metaOf } from '../meta/object-key.ts';
import { forbidden } from '../meta/status-error.ts';
import type { KubernetesObject, PodTemplateSpec } from '../meta/types.ts';
import { systemUser } from '../meta/user-info.ts';
import { foreignAnnotation } from '../resources/foreign-pod.ts';
import { groupResource } from '../resources/resource-definition.ts';
import type { AdmissionPlugin } from './chain.ts';

/** Controllers make pods from templates in the system's own name, so a template's mark counts like a pod's. */
const marks = (object: KubernetesObject | undefined): (string | undefined)[] => {
  const template = (object as { spec?: { template?: PodTemplateSpec } } | undefined)?.spec?.template;
  return [object ? metaOf(object) : undefined, template?.metadata].map(
    (meta) => meta?.annotations?.[foreignAnnotation],
  );
};

/** Only k2d itself says which pods stand for containers that somebody else made: such pods skip admission and are never stored. */
export const foreignPodGuard = (): AdmissionPlugin => ({
  name: 'ForeignPodGuard',
  mutate({ definition, key, user, object, oldObject }) {
    if (user === systemUser) return undefined;
    const before = marks(oldObject);
    if (marks(object).some((mark, index) => mark !== before[index])) {
      throw forbidden(groupResource(definition), key.name, `the annotation ${foreignAnnotation} is set by k2d only`);
    }
    return undefined;
  },
});
