import { metaOf } from '../object-key.ts';
import type { JsonObject } from '../patch/json-value.ts';
import { schemaOfKind } from '../schema/schema-table.ts';
import type { KubernetesObject } from '../types.ts';
import { applyConfiguration, type ApplyResult } from './apply-configuration.ts';
import { endpointFields } from './endpoint-fields.ts';
import type { FieldSet } from './field-set.ts';
import { fieldPaths } from './fields-v1.ts';
import { deducedType } from './merge-type.ts';
import { mergeTypeOf } from './schema-merge-type.ts';
import { trackUpdate } from './track-update.ts';
import type { Writer } from './writer.ts';

/** An object of some kind that several managers write, one after the other; each write is a minute later. */
export class ManagedObject {
  object: KubernetesObject;
  readonly #writer: Omit<Writer, 'manager' | 'time'>;
  #minute = 0;

  constructor(apiVersion: string, kind: string) {
    this.object = { apiVersion, kind };
    const schema = schemaOfKind(apiVersion, kind);
    this.#writer = {
      apiVersion,
      isServed: (version) => version === apiVersion,
      type: schema === undefined ? deducedType : mergeTypeOf(schema),
      ownable: endpointFields(undefined),
    };
  }

  apply(
    manager: string,
    config: JsonObject,
    { force = false, ...overrides }: Partial<Writer> & { force?: boolean } = {},
  ) {
    const { apiVersion, kind } = this.object;
    const applied = { apiVersion, kind, ...config } as JsonObject;
    const result = applyConfiguration(this.object, applied, this.#next(manager, overrides), force);
    if (result.kind === 'applied') this.object = result.object as KubernetesObject;
    return outcome(result);
  }

  update(manager: string, change: (current: JsonObject) => JsonObject, overrides: Partial<Writer> = {}): void {
    const isNew = this.object.metadata === undefined;
    const next = change(this.object as JsonObject) as KubernetesObject;
    const entries = trackUpdate(isNew ? undefined : this.object, next, this.#next(manager, overrides));
    const { managedFields: _given, ...metadata } = metaOf(next);
    this.object = { ...next, metadata: { ...metadata, ...(entries && { managedFields: [...entries] }) } };
  }

  /** `manager operation[/subresource] minute` → its fields. */
  get owners(): Record<string, string> {
    const entries = metaOf(this.object).managedFields ?? [];
    return Object.fromEntries(
      entries.map(({ manager, operation, subresource, time, fieldsV1 }) => [
        [manager, subresource ? `${operation}/${subresource}` : operation, time?.slice(15, 16) ?? 'never'].join(' '),
        fieldPaths(fieldsV1 as FieldSet).join(' '),
      ]),
    );
  }

  #next(manager: string, overrides: Partial<Writer>): Writer {
    return { ...this.#writer, manager, time: `2024-01-01T00:0${++this.#minute}:00Z`, ...overrides };
  }
}

function outcome(result: ApplyResult): string {
  if (result.kind === 'conflict')
    return result.conflicts.map(({ owner, path }) => `${owner.manager}: ${path}`).join(', ');
  return result.kind === 'invalid' ? result.message : 'applied';
}
