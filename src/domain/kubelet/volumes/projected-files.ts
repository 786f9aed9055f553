import { resourceValue } from '../environment/environment.ts';
import { fieldValue } from '../environment/field-value.ts';
import type { ConfigMap, Pod, Volume } from '../../meta/types.ts';
import type { Payload } from './atomic-writer.ts';
import { fileOwner } from './file-owner.ts';
import type { VolumeSources } from './volume-sources.ts';

type Entry = [path: string, file: { content: Buffer; mode: number; user?: number }];
type Selection = { items?: readonly { key: string; path: string; mode?: number }[]; optional?: boolean };
type Projection = { kind: 'entries'; entries: Entry[] } | Missing;
type Missing = { kind: 'missing'; message: string };
type Projected = NonNullable<Volume['projected']>;
type ProjectedPart = NonNullable<Projected['sources']>[number];

const defaultFileMode = 0o644;

/** The volumes that are files made of objects are each a projected volume of one source; undefined for all other volumes. */
export function asProjected(volume: Volume): Projected | undefined {
  if (volume.projected) return volume.projected;
  if (volume.configMap) return { sources: [{ configMap: volume.configMap }], ...modeOf(volume.configMap) };
  if (volume.secret) {
    const { secretName: name = '', ...rest } = volume.secret;
    return { sources: [{ secret: { name, ...rest } }], ...modeOf(volume.secret) };
  }
  return volume.downwardAPI && { sources: [{ downwardAPI: volume.downwardAPI }], ...modeOf(volume.downwardAPI) };
}

const modeOf = ({ defaultMode }: { defaultMode?: number }): { defaultMode?: number } =>
  defaultMode === undefined ? {} : { defaultMode };

/** What the files are, or which of their sources is not there. */
export function projectedFiles(
  pod: Pod,
  { sources: parts = [], defaultMode }: Projected,
  sources: VolumeSources,
): { kind: 'files'; payload: Payload } | Missing {
  const projections = parts.map((part) => project(pod, part, defaultMode, sources));
  const missing = projections.find((p) => p.kind === 'missing');
  if (missing) return missing;
  return { kind: 'files', payload: new Map(projections.flatMap((p) => (p.kind === 'entries' ? p.entries : []))) };
}

function project(pod: Pod, part: ProjectedPart, mode: number | undefined, sources: VolumeSources): Projection {
  if (part.configMap) {
    const { name = '' } = part.configMap;
    return projectKeys(configMapData(sources.configMap(name)), `configmap "${name}"`, part.configMap, mode);
  }
  if (part.secret) {
    const { name = '' } = part.secret;
    const found = sources.secret(name);
    return projectKeys(found && new Map(decoded(found.data)), `secret "${name}"`, part.secret, mode);
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

function configMapData(found: ConfigMap | undefined): ReadonlyMap<string, Buffer> | undefined {
  if (!found) return undefined;
  const text = Object.entries(found.data ?? {}).map(([key, value]): [string, Buffer] => [key, Buffer.from(value)]);
  return new Map([...text, ...decoded(found.binaryData)]);
}

/** All keys under their names, or the given items under their paths (kubernetes pkg/volume/configmap MakePayload). */
function projectKeys(
  data: ReadonlyMap<string, Buffer> | undefined,
  what: string,
  { items, optional }: Selection,
  mode: number | undefined,
): Projection {
  if (!data) return optional ? { kind: 'entries', entries: [] } : { kind: 'missing', message: `${what} not found` };
  const wanted: NonNullable<Selection['items']> = items?.length
    ? items
    : [...data.keys()].map((key) => ({ key, path: key }));
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
