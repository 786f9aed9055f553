import { clientModel, type ClientModel } from './client-models.ts';
import { groupVersions, metaGroupVersion, type GroupVersionSource } from './group-versions.ts';
import {
  alwaysPresentFields,
  mergeFacts,
  pointerFields,
  protobufMessages,
  type MergeFact,
  type ProtobufField,
} from './kubernetes-facts.ts';
import { scalarOfProtobuf } from './scalars.ts';

/** One field of a type: from protobuf its number and exact type, from the client model requirement and text, from the marks how it merges. */
export type FieldModel = {
  readonly name: string;
  /** A scalar (lower case: `int32`, `quantity`) or the key of another type (`v1.PodSpec`). */
  readonly type: string;
  readonly shape: 'single' | 'list' | 'map';
  readonly inline: boolean;
  readonly required: boolean;
  readonly number: number | undefined;
  /** A zero differs from absence, although the field need not be there. */
  readonly isPointer: boolean;
  /** Go writes it even where nobody set it. */
  readonly isAlwaysPresent: boolean;
  readonly description: string;
  readonly merge: MergeFact | undefined;
};

export type TypeModel = {
  /** `apiVersion.Name`, such as `apps/v1.DeploymentSpec`. */
  readonly key: string;
  readonly name: string;
  readonly groupVersion: GroupVersionSource;
  /** It carries apiVersion and kind, as something that a client can send or receive by itself does. */
  readonly isKind: boolean;
  readonly atomic: boolean;
  readonly description: string;
  readonly fields: readonly FieldModel[];
};

/** Kinds without metadata, or of meta/v1, that stand alone in requests and replies. */
const metaKinds = ['DeleteOptions', 'Status', 'APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions'];

const messages = protobufMessages();
const merges = mergeFacts();
const pointers = pointerFields();
const alwaysPresent = alwaysPresentFields();

/** Every type that a kind of the group versions reaches, by key. */
export function typeGraph(): ReadonlyMap<string, TypeModel> {
  const types = new Map<string, TypeModel>();
  for (const key of rootKeys()) collect(key, types);
  return types;
}

function collect(key: string, types: Map<string, TypeModel>, parentModel?: ClientModel): void {
  if (types.has(key)) return;
  const { source, name } = splitKey(key);
  const model = modelOf(source, name) ?? parentModel ?? emptyModel(source, name);
  if (model === undefined) throw new Error(`the client has no model of ${key}`);
  const type = typeModel(key, source, name, model);
  types.set(key, type);
  for (const field of type.fields)
    if (isTypeKey(field.type)) collect(field.type, types, field.inline ? model : undefined);
}

/** The client has no class for what has no fields. */
function emptyModel({ protobufPackage }: GroupVersionSource, className: string): ClientModel | undefined {
  const isEmpty = messages.get(`${protobufPackage}.${className}`)?.length === 0;
  return isEmpty ? { className, description: '', fields: new Map() } : undefined;
}

function typeModel(key: string, source: GroupVersionSource, name: string, model: ClientModel): TypeModel {
  const fields = (messages.get(`${source.protobufPackage}.${name}`) ?? []).flatMap((f) => fieldOfMessage(f, model));
  return {
    key,
    name,
    groupVersion: source,
    isKind: isKind(source, name, model),
    atomic: factsOf(source, name, '')?.structure === 'atomic',
    description: model.description,
    fields: fields
      .filter((field) => !(isKind(source, name, model) && (field.name === 'apiVersion' || field.name === 'kind')))
      .map((field) => ({
        ...field,
        isPointer: pointers.has(`${key}.${field.name}`),
        isAlwaysPresent: alwaysPresent.has(`${key}.${field.name}`),
        merge: factsOf(source, name, field.name),
      })),
  };
}

/**
 * A field that only the client's newer Kubernetes or only the 1.35 messages know is left out: the table is that of 1.35.
 * Some messages spell a name otherwise than the JSON does (`Webhooks`, `aPIGroup`), so names are compared without case.
 */
function fieldOfMessage(field: ProtobufField, model: ClientModel): FieldModel[] {
  const { number, inline, label } = field;
  if (inline)
    return [
      {
        name: '',
        type: typeKeyOfMessage(field.type),
        shape: 'single',
        inline,
        required: true,
        number,
        isPointer: false,
        isAlwaysPresent: false,
        description: '',
        merge: undefined,
      },
    ];
  const documented = [...model.fields.values()].find((f) => f.name.toLowerCase() === field.name.toLowerCase());
  if (documented === undefined) return [];
  const valueType = label === 'map' ? field.type.slice('string,'.length) : field.type;
  const shape = ({ optional: 'single', repeated: 'list', map: 'map' } as const)[label];
  const type = scalarOfProtobuf(valueType) ?? typeKeyOfMessage(valueType);
  return [
    {
      name: documented.name,
      type,
      shape,
      inline,
      required: documented.required,
      number,
      isPointer: false,
      isAlwaysPresent: false,
      description: documented.description,
      merge: undefined,
    },
  ];
}

function isKind(source: GroupVersionSource, name: string, model: ClientModel): boolean {
  if (source === metaGroupVersion) return metaKinds.includes(name);
  const metadata = model.fields.get('metadata')?.type;
  return model.fields.has('kind') && (metadata === 'V1ObjectMeta' || metadata === 'V1ListMeta');
}

function rootKeys(): string[] {
  return groupVersions.flatMap((source) =>
    namesIn(source)
      .filter((name) => {
        const model = modelOf(source, name);
        return model !== undefined && isKind(source, name, model);
      })
      .map((name) => `${source.apiVersion}.${name}`),
  );
}

function namesIn({ protobufPackage }: GroupVersionSource): string[] {
  const prefix = `${protobufPackage}.`;
  return [...messages.keys()]
    .filter((message) => message.startsWith(prefix))
    .map((message) => message.slice(prefix.length));
}

/** The client qualifies a class name with its group only where two groups have the same name. */
function modelOf({ shortGroup, version }: GroupVersionSource, name: string): ClientModel | undefined {
  const plain = `${capitalized(version)}${name}`;
  return clientModel(`${capitalized(shortGroup)}${plain}`) ?? clientModel(plain);
}

function typeKeyOfMessage(message: string): string {
  const source = groupVersions.find(({ protobufPackage }) => message.startsWith(`${protobufPackage}.`));
  if (source === undefined) throw new Error(`${message} belongs to no known group version`);
  return `${source.apiVersion}.${message.slice(source.protobufPackage.length + 1)}`;
}

function splitKey(key: string): { source: GroupVersionSource; name: string } {
  const dot = key.lastIndexOf('.');
  const source = groupVersions.find(({ apiVersion }) => apiVersion === key.slice(0, dot));
  if (source === undefined) throw new Error(`${key} belongs to no known group version`);
  return { source, name: key.slice(dot + 1) };
}

function factsOf({ shortGroup, version }: GroupVersionSource, type: string, field: string): MergeFact | undefined {
  return merges.get(`${shortGroup}/${version}.${type}.${field}`);
}

export function isTypeKey(type: string): boolean {
  return type.includes('.');
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
