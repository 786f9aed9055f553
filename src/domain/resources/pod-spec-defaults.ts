import type { Container, PodSpec, PodTemplateSpec } from '../meta/types.ts';
import { defaultContainer, requestWhatIsLimited } from './container-defaults.ts';
import { defaultVolume } from './volume-defaults.ts';
import { withDefaults } from './with-defaults.ts';

/** On the host's network a container's port is the host's (defaultHostNetworkPorts). */
const openHostPorts = (container: Container): Container =>
  container.ports
    ? {
        ...container,
        ports: container.ports.map((port) => ({ ...port, hostPort: port.hostPort || port.containerPort })),
      }
    : container;

const mapContainers = (spec: PodSpec, change: (container: Container) => Container): PodSpec => ({
  ...spec,
  containers: (spec.containers ?? []).map(change),
  ...(spec.initContainers ? { initContainers: spec.initContainers.map(change) } : {}),
});

/** kubernetes pkg/apis/core/v1/defaults.go SetDefaults_PodSpec: what a pod and a template have in common. */
function defaultSpec(spec: PodSpec): PodSpec {
  const filled = withDefaults(withEphemeralDefaults(mapContainers(mirrorAccount(spec), defaultContainer)), {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
  });
  return filled.volumes ? { ...filled, volumes: filled.volumes.map(defaultVolume) } : filled;
}

const withEphemeralDefaults = (spec: PodSpec): PodSpec =>
  spec.ephemeralContainers ? { ...spec, ephemeralContainers: spec.ephemeralContainers.map(defaultContainer) } : spec;

/** The field's old name is still filled (kubernetes pkg/apis/core/v1/conversion.go Convert_core_PodSpec_To_v1_PodSpec). */
function mirrorAccount(spec: PodSpec): PodSpec {
  const name = spec.serviceAccountName || spec.serviceAccount;
  return name ? { ...spec, serviceAccountName: name, serviceAccount: name } : spec;
}

/** SetDefaults_Pod adds what only pods get: a template shows what its author wrote. */
export function defaultPodSpec(spec: PodSpec): PodSpec {
  const filled = withDefaults(mapContainers(defaultSpec(spec), requestWhatIsLimited), { enableServiceLinks: true });
  return filled.hostNetwork ? mapContainers(filled, openHostPorts) : filled;
}

export const defaultPodTemplate = (template: PodTemplateSpec | undefined): PodTemplateSpec => ({
  ...template,
  metadata: template?.metadata ?? {},
  spec: defaultSpec(template?.spec ?? { containers: [] }),
});
