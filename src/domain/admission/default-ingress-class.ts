import { metaOf } from '../meta/object-key.ts';
import type { Ingress } from '../meta/types.ts';
import { ingressClasses } from '../resources/ingress-class.ts';
import { ingressClassAnnotation } from '../resources/ingress-validation.ts';
import { ingresses } from '../resources/ingress.ts';
import { resourceName } from '../resources/resource-definition.ts';
import type { AdmissionPlugin, AdmissionRequest, Lister } from './chain.ts';

const isDefault = 'ingressclass.kubernetes.io/is-default-class';

/**
 * Ingresses that say nothing of a class get the default one (kubernetes plugin/pkg/admission/network/defaultingressclass). Whoever makes one
 * that nobody can carry out is told.
 */
export const defaultIngressClass = (): AdmissionPlugin => ({
  name: 'DefaultIngressClass',
  mutate(request, lister) {
    if (!concerns(request) || request.operation !== 'CREATE') return undefined;
    const ingress = request.object as Ingress;
    const name = saysNothing(ingress) ? newestDefault(lister) : undefined;
    return name === undefined ? undefined : { ...ingress, spec: { ...ingress.spec, ingressClassName: name } };
  },
  validate(request, lister) {
    if (!concerns(request) || request.operation === 'DELETE') return;
    const ingress = request.object as Ingress;
    const name = ingress.spec?.ingressClassName;
    if (name === undefined ? !saysNothing(ingress) : lister.find(ingressClasses, { namespace: '', name })) return;
    const missing = name === undefined ? 'no IngressClass is the default' : `there is no IngressClass "${name}"`;
    request.warn(`spec.ingressClassName: ${missing}; the Ingress has no effect until a controller in a pod serves it`);
  },
});

const concerns = ({ definition, subresource }: AdmissionRequest): boolean =>
  resourceName(definition) === resourceName(ingresses) && subresource === undefined;

const saysNothing = ({ metadata, spec }: Ingress): boolean =>
  spec?.ingressClassName === undefined && metadata?.annotations?.[ingressClassAnnotation] === undefined;

/** Of several the newest, of several as new the first by name. */
const newestDefault = (lister: Lister): string | undefined =>
  lister
    .all(ingressClasses)
    .map(metaOf)
    .filter(({ annotations }) => annotations?.[isDefault] === 'true')
    .toSorted(
      (a, b) =>
        (b.creationTimestamp ?? '').localeCompare(a.creationTimestamp ?? '') ||
        (a.name ?? '').localeCompare(b.name ?? ''),
    )[0]?.name;
