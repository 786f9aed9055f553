import type { Volume } from '../meta/types.ts';
import { defaultFieldRef } from './field-ref-defaults.ts';
import { defaultPullPolicy } from './default-pull-policy.ts';
import { withDefaults } from './with-defaults.ts';

/** 0644, in decimal as JSON has it. */
const defaultMode = 420;
const tokenSeconds = 3600;

type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number];
type DownwardFiles = NonNullable<NonNullable<Volume['downwardAPI']>['items']>;

const defaultFiles = (files: DownwardFiles): DownwardFiles =>
  files.map((file) => (file.fieldRef ? { ...file, fieldRef: defaultFieldRef(file.fieldRef) } : file));

const defaultDownward = <T extends { items?: DownwardFiles }>(source: T): T =>
  source.items ? { ...source, items: defaultFiles(source.items) } : source;

const defaultProjection = (source: Projection): Projection => ({
  ...source,
  ...(source.serviceAccountToken
    ? { serviceAccountToken: withDefaults(source.serviceAccountToken, { expirationSeconds: tokenSeconds }) }
    : {}),
  ...(source.downwardAPI ? { downwardAPI: defaultDownward(source.downwardAPI) } : {}),
});

const sourceCount = ({ name: _name, ...sources }: Volume): number =>
  Object.values(sources).filter((source) => source !== undefined && source !== null).length;

/** kubernetes pkg/apis/core/v1/defaults.go SetDefaults_Volume and those of its sources. */
export function defaultVolume(volume: Volume): Volume {
  if (sourceCount(volume) === 0) return { ...volume, emptyDir: {} };
  const { secret, configMap, downwardAPI, projected, hostPath, image } = volume;
  return {
    ...volume,
    ...(secret ? { secret: withDefaults(secret, { defaultMode }) } : {}),
    ...(configMap ? { configMap: withDefaults(configMap, { defaultMode }) } : {}),
    ...(downwardAPI ? { downwardAPI: defaultDownward(withDefaults(downwardAPI, { defaultMode })) } : {}),
    ...(projected
      ? {
          projected: withDefaults(
            { ...projected, ...(projected.sources ? { sources: projected.sources.map(defaultProjection) } : {}) },
            { defaultMode },
          ),
        }
      : {}),
    ...(hostPath ? { hostPath: withDefaults(hostPath, { type: '' }) } : {}),
    ...(image ? { image: withDefaults(image, { pullPolicy: defaultPullPolicy(image.reference ?? '') }) } : {}),
  };
}
