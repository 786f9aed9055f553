import { join } from 'node:path';
import { quantityValue } from '../../meta/quantity.ts';
import type { ConfigMap, PersistentVolume, PersistentVolumeClaim, Pod, Secret, Volume } from '../../meta/types.ts';
import type { Payload } from './atomic-writer.ts';
import { claimPlan } from './claim-plan.ts';
import { claimNameOf } from '../../resources/pod-claims.ts';
import { resourceValue, type EnvironmentSources } from '../environment/environment.ts';
import { podContainers } from '../pod/container-kinds.ts';
import { fileOwner } from './file-owner.ts';
import { fieldValue } from '../environment/field-value.ts';

/** What must exist before containers that mount the volume can start. */
export type VolumePlan =
  | { kind: 'files'; payload: Payload }
  | { kind: 'emptyDir' }
  | { kind: 'memory'; sizeBytes?: number }
  /** `type` undefined: nobody checks. */
  | { kind: 'hostPath'; path: string; type?: string }
  /** Of the host, for the engine to let containers use. */
  | { kind: 'device'; path: string }
  | { kind: 'image'; reference: string }
  /** Of the engine, by name; `isOurs` when k2d keeps its files. */
  | { kind: 'engineVolume'; volume: string; isOurs: boolean }
  /** Something it is made from is not there yet; the text is for the FailedMount event. */
  | { kind: 'missing'; message: string };

export type ServiceAccountTokenRequest = { audience?: string; expirationSeconds: number };

export type VolumeSources = EnvironmentSources & {
  /** Mints a token bound to the pod; undefined while its service account is missing. */
  token(request: ServiceAccountTokenRequest): string | undefined;
  claim(name: string): PersistentVolumeClaim | undefined;
  persistentVolume(name: string): PersistentVolume | undefined;
};

type Entry = [path: string, file: { content: Buffer; mode: number; user?: number }];
type Items = readonly { key: string; path: string; mode?: number }[] | undefined;
type Projection = { kind: 'entries'; entries: Entry[] } | { kind: 'missing'; message: string };

const defaultFileMode = 0o644;

/** Pure: reads sources, decides, writes nothing. */
export function volumePlan(pod: Pod, volume: Volume, sources: VolumeSources): VolumePlan {
  if (volume.configMap) {
    const { name = '', items, optional, defaultMode } = volume.configMap;
    return toFiles([projectConfigMap(sources.configMap(name), name, items, optional, defaultMode)]);
  }
  if (volume.secret) {
    const { secretName = '', items, optional, defaultMode } = volume.secret;
    return toFiles([projectSecret(sources.secret(secretName), secretName, items, optional, defaultMode)]);
  }
  if (volume.downwardAPI) {
    return toFiles([projectDownward(pod, volume.downwardAPI.items, volume.downwardAPI.defaultMode, sources)]);
  }
  if (volume.projected) {
    const { sources: parts = [], defaultMode } = volume.projected;
    return toFiles(parts.map((part) => project(pod, part, defaultMode, sources)));
  }
  const claim = claimNameOf(pod, volume);
  if (claim !== undefined) return claimPlan(claim, sources);
  if (volume.hostPath) return { kind: 'hostPath', path: volume.hostPath.path, type: volume.hostPath.type ?? '' };
  if (volume.emptyDir?.medium === 'Memory') {
    const sizeBytes = memorySize(pod, volume.emptyDir.sizeLimit);
    return { kind: 'memory', ...(sizeBytes === undefined ? {} : { sizeBytes }) };
  }
  if (volume.emptyDir) return { kind: 'emptyDir' };
  if (volume.image) return { kind: 'image', reference: volume.image.reference ?? '' };
  return { kind: 'missing', message: `volume "${volume.name}": this kind of volume is not supported` };
}

/** No more than the pod may use of memory, for that is where it goes (kubernetes pkg/volume/emptydir calculateEmptyDirMemorySize). */
function memorySize({ spec }: Pod, sizeLimit: string | undefined): number | undefined {
  const limits = (spec?.containers ?? []).map(({ resources }) => resources?.limits?.['memory']);
  const ofPod = limits.every((limit) => limit !== undefined) ? limits.map(quantityValue) : [];
  const bounds = [
    ...(ofPod.length > 0 ? [ofPod.reduce((sum, bytes) => sum + bytes, 0)] : []),
    ...(sizeLimit === undefined || quantityValue(sizeLimit) === 0 ? [] : [quantityValue(sizeLimit)]),
  ];
  return bounds.length > 0 ? Math.min(...bounds) : undefined;
}

function toFiles(projections: readonly Projection[]): VolumePlan {
  const missing = projections.find((p) => p.kind === 'missing');
  if (missing) return missing;
  return { kind: 'files', payload: new Map(projections.flatMap((p) => (p.kind === 'entries' ? p.entries : []))) };
}

type ProjectedPart = NonNullable<NonNullable<Volume['projected']>['sources']>[number];

function project(pod: Pod, part: ProjectedPart, mode: number | undefined, sources: VolumeSources): Projection {
  if (part.configMap) {
    const { name = '', items, optional } = part.configMap;
    return projectConfigMap(sources.configMap(name), name, items, optional, mode);
  }
  if (part.secret) {
    const { name = '', items, optional } = part.secret;
    return projectSecret(sources.secret(name), name, items, optional, mode);
  }
  if (part.downwardAPI) return projectDownward(pod, part.downwardAPI.items, mode, sources);
  if (part.serviceAccountToken) {
    const { audience, expirationSeconds = 3600, path } = part.serviceAccountToken;
    const token = sources.token({ ...(audience ? { audience } : {}), expirationSeconds });
    if (token === undefined)
      return { kind: 'missing', message: `service account "${pod.spec?.serviceAccountName}" not found` };
    return { kind: 'entries', entries: [[path, tokenFile(pod, token, mode)]] };
  }
  return { kind: 'missing', message: `projected sources of the kind ${Object.keys(part)[0]} are not supported` };
}

/** For whom it is meant, and nobody else; root and those who name nobody get the usual mode (kubernetes pkg/volume/projected collectData). */
function tokenFile(pod: Pod, token: string, mode = defaultFileMode): Entry[1] {
  const { user, group } = fileOwner(pod);
  const isMeant = user !== undefined || group !== undefined;
  return { content: Buffer.from(token), mode: isMeant ? 0o600 : mode, ...(user === undefined ? {} : { user }) };
}

const projectConfigMap = (
  found: ConfigMap | undefined,
  name: string,
  items: Items,
  optional: boolean | undefined,
  mode: number | undefined,
): Projection => {
  const text = Object.entries(found?.data ?? {}).map(([key, value]): [string, Buffer] => [key, Buffer.from(value)]);
  return projectKeys(
    found && new Map([...text, ...decoded(found.binaryData)]),
    `configmap "${name}"`,
    items,
    optional,
    mode,
  );
};

const projectSecret = (
  found: Secret | undefined,
  name: string,
  items: Items,
  optional: boolean | undefined,
  mode: number | undefined,
): Projection => projectKeys(found && new Map(decoded(found.data)), `secret "${name}"`, items, optional, mode);

/** All keys under their names, or the given items under their paths (kubernetes pkg/volume/configmap MakePayload). */
function projectKeys(
  data: ReadonlyMap<string, Buffer> | undefined,
  what: string,
  items: Items,
  optional: boolean | undefined,
  mode: number | undefined,
): Projection {
  if (!data) return optional ? { kind: 'entries', entries: [] } : { kind: 'missing', message: `${what} not found` };
  const wanted: NonNullable<Items> = items?.length ? items : [...data.keys()].map((key) => ({ key, path: key }));
  const absent = wanted.find(({ key }) => !data.has(key));
  if (absent && !optional)
    return { kind: 'missing', message: `${what} references non-existent config key: ${absent.key}` };
  return {
    kind: 'entries',
    entries: wanted
      .filter(({ key }) => data.has(key))
      .map((item) => [item.path, { content: data.get(item.key)!, mode: item.mode ?? mode ?? defaultFileMode }]),
  };
}

type DownwardItems = NonNullable<Volume['downwardAPI']>['items'];

function projectDownward(pod: Pod, items: DownwardItems, mode: number | undefined, sources: VolumeSources): Projection {
  const textOf = (item: NonNullable<DownwardItems>[number]): string => {
    if (item.fieldRef) return fieldValue(pod, item.fieldRef.fieldPath, sources);
    if (!item.resourceFieldRef) return '';
    return resourceValue(pod, pod.spec!.containers[0]!, item.resourceFieldRef, sources.node);
  };
  return {
    kind: 'entries',
    entries: (items ?? []).map((item) => [
      item.path,
      { content: Buffer.from(textOf(item)), mode: item.mode ?? mode ?? defaultFileMode },
    ]),
  };
}

const decoded = (data: Readonly<Record<string, string>> = {}): [string, Buffer][] =>
  Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]);

/** Only what some container mounts has to be there. */
export const mountedVolumes = (pod: Pod): Volume[] => {
  const names = new Set(podContainers(pod).flatMap(({ container: c }) => (c.volumeMounts ?? []).map((m) => m.name)));
  return (pod.spec?.volumes ?? []).filter((volume) => names.has(volume.name));
};

/** Where the kubelet would keep it, below the data path. */
export const volumeFolder = (podFolder: string, volume: string): string => join(podFolder, 'volumes', volume);
