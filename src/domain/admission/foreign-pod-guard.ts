import { rbacAuthorizer } from '../authorization/rbac-authorizer.ts';
import { sameJson } from '../meta/deep-equal.ts';
import { metaOf } from '../meta/object-key.ts';
import { forbidden } from '../meta/status-error.ts';
import type { KubernetesObject, Pod } from '../meta/types.ts';
import { systemUser } from '../meta/user-info.ts';
import { adoptAnnotation, adoptedAnnotation, adoptingAnnotation, wantsAdoption } from '../resources/adopted-pod.ts';
import { deployments } from '../resources/deployment.ts';
import { foreignAnnotation, isForeign } from '../resources/foreign-pod.ts';
import { podTemplateOf } from '../resources/pod-template-of.ts';
import { groupResource, type ResourceDefinition } from '../resources/resource-definition.ts';
import { secrets } from '../resources/secret.ts';
import type { AdmissionPlugin, AdmissionRequest, Lister } from './chain.ts';

/** They say which containers of the engine an object stands for: whoever could write them could have any container removed. */
const guarded = [foreignAnnotation, adoptedAnnotation, adoptingAnnotation] as const;

/** Controllers make pods from templates in the system's own name, so a template's mark counts like a pod's. */
const marks = (object: KubernetesObject | undefined): (string | undefined)[] => {
  const template = object && podTemplateOf(object)?.template;
  return [object ? metaOf(object) : undefined, template?.metadata].flatMap((meta) =>
    guarded.map((annotation) => meta?.annotations?.[annotation]),
  );
};

/**
 * Only k2d itself says which pods stand for containers that somebody else made: such pods skip admission and are never stored. Clients
 * may label and delete them, and have them adopted.
 */
export const foreignPodGuard = (): AdmissionPlugin => ({
  name: 'ForeignPodGuard',
  mutate({ definition, key, user, object, oldObject }) {
    if (user === systemUser) return undefined;
    const before = marks(oldObject);
    const changed = marks(object).findIndex((mark, index) => mark !== before[index]);
    if (changed < 0) return undefined;
    const annotation = guarded[changed % guarded.length];
    throw forbidden(groupResource(definition), key.name, `the annotation ${annotation} is set by k2d only`);
  },
  validate(request, lister) {
    const { definition, key, user, object, oldObject } = request;
    if (user === systemUser || !object || !oldObject || !isForeign(oldObject)) return;
    if (!sameJson((object as Pod).spec, (oldObject as Pod).spec)) {
      const message = `its containers were not made by k2d: annotate it with ${adoptAnnotation}=true first`;
      throw forbidden(groupResource(definition), key.name, message);
    }
    if (wantsAdoption(object) && !wantsAdoption(oldObject)) checkAdoption(request, object as Pod, lister);
  },
});

/** To have a Deployment made is to make one, and with it the Secret of what the container's environment hides. */
function checkAdoption({ definition, key, user }: AdmissionRequest, pod: Pod, lister: Lister): void {
  const needed: ResourceDefinition[] = [deployments as ResourceDefinition];
  if (pod.spec?.containers.some(({ env }) => env?.some((e) => e.valueFrom?.secretKeyRef)))
    needed.push(secrets as ResourceDefinition);
  const { authorize } = rbacAuthorizer(lister);
  for (const kind of needed) {
    const { group, resource } = groupResource(kind);
    const attributes = { kind: 'resource', verb: 'create', group, resource, namespace: key.namespace } as const;
    if (authorize(user, attributes).allowed) continue;
    const message = `to adopt it, user "${user.name}" would have to be allowed to create ${resource} in the namespace "${key.namespace}"`;
    throw forbidden(groupResource(definition), key.name, message);
  }
}
