import type { KubernetesObject, Pod, PodSpec, Service } from '../meta/types.ts';
import { pods } from '../resources/pod.ts';
import { resourceName } from '../resources/resource-definition.ts';
import { services } from '../resources/service.ts';
import type { AdmissionPlugin, AdmissionRequest } from './chain.ts';

/** What the engine of this machine, or the place in which it runs, can do of what objects ask for. */
export type EngineAbilities = { resourceLimits: boolean; nodePorts: boolean };

/** Tells the client at once of what is stored and will have no effect here; `abilities` are known before the first client comes. */
export const engineWarnings = ({ abilities }: { abilities: () => EngineAbilities }): AdmissionPlugin => ({
  name: 'EngineWarnings',
  validate(request) {
    if (request.operation === 'DELETE' || request.subresource !== undefined) return;
    const { resourceLimits, nodePorts } = abilities();
    if (!resourceLimits) warnOfLimits(request);
    if (!nodePorts) warnOfNodePorts(request);
  },
});

function warnOfLimits({ definition, object, warn }: AdmissionRequest): void {
  const isPod = resourceName(definition) === resourceName(pods);
  const spec = isPod ? (object as Pod).spec : templateOf(object);
  const root = isPod ? 'spec' : 'spec.template.spec';
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec?.[list] ?? []).entries()) {
      if (container.resources?.limits === undefined) continue;
      warn(
        `${root}.${list}[${index}].resources.limits: the engine may set no limits on this machine; they have no effect`,
      );
    }
  }
}

/** Of every kind that makes pods. */
const templateOf = (object: KubernetesObject | undefined): PodSpec | undefined =>
  (object as { spec?: { template?: { spec?: PodSpec } } } | undefined)?.spec?.template?.spec;

function warnOfNodePorts({ definition, object, warn }: AdmissionRequest): void {
  if (resourceName(definition) !== resourceName(services)) return;
  const { type } = (object as Service).spec ?? {};
  if (type !== 'NodePort' && type !== 'LoadBalancer') return;
  warn(
    "spec.type: the engine runs without root, so node ports are not opened on the host; publish with a container's hostPort",
  );
}
