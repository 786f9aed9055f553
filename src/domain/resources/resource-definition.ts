import type { FieldError } from '../meta/field-error.ts';
import type { MergeType } from '../meta/managed-fields/merge-type.ts';
import { dnsSubdomain, type NameRule } from '../meta/names.ts';
import type { FieldCheck } from '../meta/schema/check-fields.ts';
import type { JsonSchema } from '../meta/structural-schema/json-schema.ts';
import type { KubernetesObject } from '../meta/types.ts';

/**
 * A resource as a filled-in form: what the generic registry and the API need to know of a kind, and nothing they can do
 * themselves (kubernetes pkg/registry/<group>/<kind>/strategy.go). Hooks are pure and answer new objects.
 */
export type ResourceDefinition<T extends KubernetesObject = KubernetesObject> = {
  group: string;
  version: string;
  kind: string;
  listKind: string;
  plural: string;
  singular: string;
  shortNames: readonly string[];
  categories: readonly string[];
  scope: 'Namespaced' | 'Cluster';
  /** Made when somebody creates one and stored nowhere: the reply is the answer, and there is no other verb. */
  isComputed: boolean;
  /** Measured when somebody reads it and stored nowhere: it can be read, and there is no other verb. */
  isMeasured: boolean;
  /** The stored parts that have an endpoint of their own. */
  subresources: readonly ('status' | 'scale')[];
  /** What of metadata a write to the status endpoint may change. */
  statusMetadata: readonly ('labels' | 'annotations')[];
  /** Where `scale` finds its numbers; undefined is where Kubernetes' own kinds have them. */
  scalePaths?: ScalePaths;
  /** How server-side apply merges kinds that the generated schemas do not know; without it values are what they look like. */
  mergeType?: MergeType;
  /** Counts changes of everything but metadata and status in metadata.generation. */
  hasGeneration: boolean;
  /** Status is kept like intent: k2d cannot compute it anew. Asked of an object about to be kept. */
  keepsStatus(object: T): boolean;
  /** Of a status that is kept, what cannot be computed anew; undefined keeps all of it. */
  keptStatus?: (status: unknown) => unknown;
  /** Loads what the hooks need and only users of the kind should pay for; awaited before anything of it is validated. */
  ready?: () => Promise<void>;
  /** A client that does not say what becomes of the dependents leaves them behind. */
  orphansByDefault?: boolean;
  /** Clients can ask for this version. */
  isServed: boolean;
  /** Objects are kept in this version of the resource; others are views of it. Exactly one version is. */
  isStorageVersion: boolean;
  /** A kept object as readers of this version see it; the same one when they see all of it. */
  fromStored: (object: KubernetesObject) => T;
  /** An object of this version as it is kept. */
  toStored(object: T): KubernetesObject;
  /** Reads what clients send; undefined reads it by the built-in schema of the kind. */
  readFields?: (object: object) => FieldCheck;
  /** What clients are told of kinds that are not built in. */
  openApiSchema?: JsonSchema;
  /** Objects that are facts, not intent, live in memory only and are gone with the process. */
  isKept(object: T): boolean;
  /** Writes happen one at a time, since admission allocates from a range that all objects share. */
  exclusive: boolean;
  /** A PUT may leave out which version it replaces. */
  unconditionalUpdate: boolean;
  /** The newest so many objects stay, the oldest go first; undefined is no bound. */
  maxObjects?: number;
  nameRule: NameRule;
  /** A DELETE answers the object instead of a Status (protocol of the generated clients). */
  deleteReturnsObject: boolean;
  /** Fills in what Kubernetes fills in, on write. */
  default(object: T): T;
  /** A kept object when it comes back into memory, perhaps from an older version of k2d. */
  load(object: KubernetesObject): KubernetesObject;
  /** The object as who reads it at this time sees it, where something of it is true only then; undefined shows it as it is stored. */
  readAt?(object: T, now: Date): T;
  prepareForCreate(object: T): T;
  /** `subresource` is the endpoint that was written to; undefined is the object's own. Never called for `status`. */
  prepareForUpdate(next: T, current: T, subresource?: string): T;
  /** `next` is already marked as deleted. */
  prepareForDelete(next: T, current: T): T;
  /** `current` is there when an object is changed: what was wrong before and stays as it was may be let through. */
  validate(object: T, current?: T): FieldError[];
  validateUpdate(next: T, current: T, subresource?: string): FieldError[];
  /** What every client of this resource is told, whatever it asks for. */
  deprecation?: string;
  /** Of a write to the status endpoint. */
  validateStatus(next: T, current: T): FieldError[];
  /** What the client should know although the write is accepted: Warning headers. */
  warnings(object: T): string[];
  /**
   * Seconds the object stays after a delete until its owner process removes it; 0 removes it at once. Undefined is a kind that knows no
   * grace: what nothing holds goes as it was, without a time of deletion.
   */
  deletionGrace(object: T, requested: number | undefined): number | undefined;
  /** A deleted object stays while this holds, besides its metadata.finalizers. */
  holdsDeletion(object: T): boolean;
  /** Field selectors beyond metadata.name and metadata.namespace. */
  fields: readonly SelectableField<T>[];
  columns: readonly Column<T>[];
  /** Set where this is only another writing of what a different resource keeps. */
  storedAs?: StoredAs<T>;
  /** `metav1.TableRow.conditions`: pods that ended say so. */
  rowConditions(object: T): readonly RowCondition[];
};

/** One storage, two writings: names, versions and changes are the same. Each conversion undoes the other. */
export type StoredAs<T extends KubernetesObject> = {
  definition: ResourceDefinition;
  toStored(object: T): KubernetesObject;
  fromStored(object: KubernetesObject): T;
};

export type SelectableField<T> = { path: string; value(object: T): string };

export type Column<T> = {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  format?: string;
  description?: string;
  /** Shown only with `-o wide`. */
  wide?: boolean;
  /** Null is an empty cell. */
  cell(object: T, now: Date): string | number | boolean | null;
};

/** Names of fields from the root to the value. */
export type ScalePaths = {
  specReplicas: readonly string[];
  statusReplicas: readonly string[];
  labelSelector?: readonly string[];
  /** Where the selector is plain labels, as in the oldest kinds. */
  matchLabels?: readonly string[];
};

export type RowCondition = { type: string; status: string; reason: string; message: string };

type Required = 'version' | 'kind' | 'plural' | 'singular' | 'scope' | 'columns';

/** Fills the form's blanks with what most kinds do. */
export const defineResource = <T extends KubernetesObject>(
  form: Pick<ResourceDefinition<T>, Required> & Partial<ResourceDefinition<T>>,
): ResourceDefinition<T> => ({
  group: '',
  listKind: `${form.kind}List`,
  shortNames: [],
  categories: [],
  isComputed: false,
  isMeasured: false,
  subresources: [],
  statusMetadata: ['labels', 'annotations'],
  hasGeneration: false,
  keepsStatus: () => false,
  isServed: true,
  isStorageVersion: true,
  fromStored: (object) => object as T,
  toStored: (object) => object,
  isKept: () => true,
  exclusive: false,
  unconditionalUpdate: true,
  nameRule: dnsSubdomain,
  deleteReturnsObject: false,
  default: (object) => object,
  load: (object) => (form.default ?? ((same) => same))(object as T),
  prepareForCreate: (object) => object,
  prepareForUpdate: (next) => next,
  prepareForDelete: (next) => next,
  validate: () => [],
  validateUpdate: () => [],
  validateStatus: () => [],
  warnings: () => [],
  deletionGrace: () => undefined,
  holdsDeletion: () => false,
  fields: [],
  rowConditions: () => [],
  ...form,
});

/** What keeps its own objects, rather than show another's. */
export const isStored = ({ storedAs, isStorageVersion }: ResourceDefinition): boolean =>
  storedAs === undefined && isStorageVersion;

/** `v1`, `apps/v1`. */
export const apiVersionOf = ({ group, version }: Pick<ResourceDefinition, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

/** `pods`, `deployments.apps`: names the resource in all its versions. */
export const resourceName = ({ group, plural }: Pick<ResourceDefinition, 'group' | 'plural'>): string =>
  group === '' ? plural : `${plural}.${group}`;

/** `pods`, `deployments.apps`: the resource's name for messages. */
export const groupResource = (definition: Pick<ResourceDefinition, 'group' | 'plural'>) => ({
  group: definition.group,
  resource: definition.plural,
});
