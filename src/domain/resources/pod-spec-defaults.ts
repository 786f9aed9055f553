import type { Container, PodSpec, PodTemplateSpec } from '../meta/types.ts';
import { defaultContainer, requestWhatIsLimited } from './container-defaults.ts';
import { defaultVolume } from './volume-defaults.ts';
import { withDefaults } from './with-defaults.ts';

/** On the host's network a container's port is the host's (SetDefaults_PodSpec, defaultHostNetworkPorts). */
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
  const filled = withDefaults(mapContainers(spec, defaultContainer), {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
  });
  const withVolumes = filled.volumes ? { ...filled, volumes: filled.volumes.map(defaultVolume) } : filled;
  return filled.hostNetwork ? mapContainers(withVolumes, openHostPorts) : withVolumes;
}

/** SetDefaults_Pod adds what only pods get. */
export const defaultPodSpec = (spec: PodSpec): PodSpec =>
  withDefaults(mapContainers(defaultSpec(spec), requestWhatIsLimited), { enableServiceLinks: true });

export const defaultPodTemplate = (template: PodTemplateSpec | undefined): PodTemplateSpec => ({
  ...template,
  metadata: template?.metadata ?? {},
  spec: defaultSpec(template?.spec ?? { containers: [] }),
});
