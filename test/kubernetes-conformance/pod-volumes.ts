import { casesIn, testsIn, together, type ConformanceTable, type Counterpart } from './conformance-table.ts';

const configuration = casesIn('configuration');
const downward = casesIn('downward');
const emptyDir = casesIn('empty-dir');
const volumes = casesIn('volume');

/** Names that are the same but for their beginning. */
const each = (beginning: string, counterpart: Counterpart, ...endings: readonly string[]): ConformanceTable =>
  Object.fromEntries(endings.map((ending) => [`[sig-storage] ${beginning} ${ending}`, counterpart]));

const live = configuration('spec.volumes (changed, deleted and made while they are mounted)');
const changes = together(live, volumes('spec.volumes.configMap (changed while it is mounted)'));
const ownGroup = configuration('spec.volumes.secret (read by a user through fsGroup)');

const CONSUMED = [
  'should be consumable from pods in volume',
  'should be consumable from pods in volume with defaultMode set',
  'should be consumable from pods in volume with mappings',
];
const OF_CONFIG_MAPS = [
  ...CONSUMED,
  'should be consumable from pods in volume as non-root',
  'should be consumable from pods in volume with mappings and Item mode set',
  'should be consumable from pods in volume with mappings as non-root',
  'should be consumable in multiple volumes in the same pod',
];
const OF_SECRETS = [
  ...CONSUMED,
  'should be consumable from pods in volume with mappings and Item Mode set',
  'should be consumable in multiple volumes in a pod',
];
const BY_GROUP = 'should be consumable from pods in volume as non-root with defaultMode and fsGroup set';

const configMap = configuration('spec.volumes.configMap (in every way)');
const secret = configuration('spec.volumes.secret (in every way)');

const FILE_KINDS = ['0644', '0666', '0777'].flatMap((mode) =>
  ['root', 'non-root'].flatMap((user) => ['default', 'tmpfs'].map((medium) => `(${user},${mode},${medium})`)),
);

const downwardNames = (beginning: string): ConformanceTable => ({
  ...each(
    beginning,
    downward('spec.volumes.downwardAPI (of its own and projected)'),
    "should provide container's cpu limit",
    "should provide container's cpu request",
    "should provide container's memory limit",
    "should provide container's memory request",
    'should provide podname only',
    'should set DefaultMode on files',
    'should set mode on item file',
  ),
  ...each(
    beginning,
    downward('spec.volumes.downwardAPI (without limits)'),
    'should provide node allocatable (cpu) as default cpu limit if the limit is not set',
    'should provide node allocatable (memory) as default memory limit if the limit is not set',
  ),
  ...each(
    beginning,
    downward('spec.volumes.downwardAPI (changed while it is mounted)'),
    'should update annotations on modification',
    'should update labels on modification',
  ),
});

/** Tests of the files that pods find. */
export const podVolumes: ConformanceTable = {
  ...each('ConfigMap', configMap, ...OF_CONFIG_MAPS, 'binary data should be reflected in volume'),
  ...each('ConfigMap', changes, 'updates should be reflected in volume'),
  ...each('ConfigMap', live, 'optional updates should be reflected in volume'),
  ...each('Secrets', secret, ...OF_SECRETS),
  ...each('Secrets', ownGroup, BY_GROUP),
  ...each('Secrets', live, 'optional updates should be reflected in volume'),
  ...each(
    'Secrets',
    configuration('spec.volumes.secret (one of the same name in another namespace)'),
    'should be able to mount in a volume regardless of a different secret existing with same name in different namespace',
  ),
  ...each(
    'Projected configMap',
    configuration('spec.volumes.projected.sources.configMap (in every way)'),
    ...OF_CONFIG_MAPS,
  ),
  ...each(
    'Projected configMap',
    live,
    'updates should be reflected in volume',
    'optional updates should be reflected in volume',
  ),
  ...each('Projected secret', configuration('spec.volumes.projected.sources.secret (in every way)'), ...OF_SECRETS),
  ...each('Projected secret', ownGroup, BY_GROUP),
  ...each('Projected secret', live, 'optional updates should be reflected in volume'),
  ...each(
    'Projected combined',
    volumes('spec.volumes.projected'),
    'should project all components that make up the projection API [Projection]',
  ),
  ...downwardNames('Downward API volume'),
  ...downwardNames('Projected downwardAPI'),

  ...each(
    'EmptyDir volumes',
    emptyDir('spec.volumes.emptyDir (files of every user and mode, on disk and in memory)'),
    ...FILE_KINDS.map((kind) => `should support ${kind}`),
    'volume on default medium should have the correct mode',
    'volume on tmpfs should have the correct mode',
  ),
  ...each(
    'EmptyDir volumes',
    testsIn('test/integration/pod-life.test.ts')(
      'two init containers, a sidecar and three containers share localhost and a folder',
    ),
    'pod should support shared volumes between containers',
  ),
  ...each('EmptyDir wrapper volumes', volumes('spec.securityContext.fsGroup'), 'should not conflict'),
  ...each(
    'EmptyDir wrapper volumes',
    {
      ...configuration('spec.volumes.configMap (fifty of them)'),
      except: 'one pod mounts the fifty ConfigMaps, not five pods three times',
    },
    'should not cause race condition when used for configmaps',
  ),
  ...each(
    'Subpath Atomic writer volumes',
    configuration('spec.containers.volumeMounts.subPath (of files that are written for the pod)'),
    'should support subpaths with configmap pod',
    'should support subpaths with configmap pod with mountPath of existing file',
    'should support subpaths with downward pod',
    'should support subpaths with projected pod',
    'should support subpaths with secret pod',
  ),
};
