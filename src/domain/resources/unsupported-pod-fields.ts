import type { PodSpec } from '../meta/types.ts';
import { networkVolumeKinds } from './network-volume-kinds.ts';
import { warnOfUnsupported, type UnsupportedField } from './unsupported-fields.ts';

const containerFields: readonly UnsupportedField[] = [
  { path: 'restartPolicy', what: 'restart containers by a policy of their own' },
  { path: 'restartPolicyRules', what: 'restart containers by rules' },
  { path: 'volumeDevices', what: 'attach block devices' },
  { path: 'resources.claims', what: 'allocate devices for resource claims' },
];

/** Kinds of volumes that nothing here can mount. */
const volumeKinds = [...networkVolumeKinds, 'gitRepo'];

const below = (list: string, fields: readonly UnsupportedField[]): UnsupportedField[] =>
  fields.map((field) => ({ ...field, path: `${list}[*].${field.path}` }));

/** What of a pod the kubelet does not act on yet. A line goes when the feature comes. */
const podFields: readonly UnsupportedField[] = [
  ...below('containers', containerFields),
  ...below(
    'initContainers',
    containerFields.filter(({ path }) => path !== 'restartPolicy'),
  ),
  ...volumeKinds.map((kind) => ({
    path: `volumes[*].${kind}`,
    what: 'mount volumes of this kind',
    effect: 'a pod that mounts it does not start',
  })),
  ...['clusterTrustBundle', 'podCertificate'].map((kind) => ({
    path: `volumes[*].projected.sources[*].${kind}`,
    what: 'project sources of this kind',
    effect: 'a pod that mounts it does not start',
  })),
  { path: 'volumes[*].emptyDir.medium', only: 'HugePages', what: 'back volumes by huge pages' },
  { path: 'runtimeClassName', what: 'choose runtimes' },
  { path: 'overhead', what: "count a runtime's overhead" },
  { path: 'resourceClaims', what: 'allocate devices for resource claims' },
  { path: 'resources', what: 'limit pods as a whole' },
  {
    path: 'securityContext.supplementalGroupsPolicy',
    only: 'Strict',
    what: "keep the image's groups out of containers without runAsGroup",
    effect: 'they stay out of the others',
  },
  { path: 'hostUsers', only: false, what: 'give pods user namespaces' },
];

export const warnOfPodFields = (spec: PodSpec | undefined, path: string): string[] =>
  spec ? warnOfUnsupported(podFields, spec, path) : [];
