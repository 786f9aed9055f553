import { applyConfiguration } from '../../domain/meta/managed-fields/apply-configuration.ts';
import { applyConflict } from '../../domain/meta/managed-fields/apply-conflict.ts';
import type { Writer } from '../../domain/meta/managed-fields/writer.ts';
import { metaOf } from '../../domain/meta/object-key.ts';
import { badRequest, conflict } from '../../domain/meta/status-error.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import { writerOf } from '../../domain/registry/field-ownership.ts';
import { groupResource } from '../../domain/resources/resource-definition.ts';
import { checkedObject, kindOf, type ExpectedKind } from '../codec/decode-body.ts';
import { decodeConfiguration, type AppliedConfiguration } from '../codec/decode-configuration.ts';
import { checkIsCurrent, checkName, inRequestNamespace } from '../object-identity.ts';
import { registryWrite } from '../registry-write.ts';
import type { Answer, Call, VerbContext } from '../verb.ts';
import { applyOptions, type ApplyOptions } from '../write-options.ts';

export const applyMediaType = 'application/apply-patch+yaml';

/** For an object that others make and delete all the time. */
const mostAttempts = 5;

/** Server-side apply. An object that is not there is made, but not through a part of it. */
export async function apply(context: VerbContext, call: Call, subresource?: string): Promise<Answer> {
  const { registry } = context;
  const { definition, key } = call;
  const options = applyOptions(call.query);
  const config = await decodeConfiguration(call.body);
  const { fieldManager } = options;
  const writer = writerOf(
    definition,
    subresource === undefined ? { fieldManager } : { fieldManager, subresource },
    context.clock,
  );
  const expected = kindOf(definition);
  const applyTo = (live: KubernetesObject): KubernetesObject => {
    const object = applied(live, config, writer, expected, { ...options, warn: call.warn });
    checkName(call, object);
    return inRequestNamespace(call, object);
  };
  const write = { ...registryWrite(call, options, subresource), isApplied: true };
  for (let attempt = 1; ; attempt++) {
    const exists = registry.find(definition, key) !== undefined;
    try {
      if (exists || subresource !== undefined) {
        const change = (current: KubernetesObject) => {
          const next = applyTo(current);
          checkIsCurrent(definition, next, current);
          return next;
        };
        return { kind: 'object', code: 200, object: await registry.update(definition, key, change, write) };
      }
      call.requireVerb('create');
      const created = withoutUid(call, applyTo(expected));
      return { kind: 'object', code: 201, object: await registry.create(definition, created, write) };
    } catch (error) {
      const isOutdated = (registry.find(definition, key) !== undefined) !== exists;
      if (!isOutdated || attempt === mostAttempts) throw error;
    }
  }
}

/** The object as it becomes, with who owns what; throws 400 or 409. */
export function applied<T extends KubernetesObject>(
  live: T,
  config: AppliedConfiguration,
  writer: Writer,
  expected: ExpectedKind,
  options: Pick<ApplyOptions, 'force' | 'fieldValidation'> & Pick<Call, 'warn'>,
): T {
  const result = applyConfiguration(live, config.object, writer, options.force);
  if (result.kind === 'invalid') throw badRequest(result.message);
  if (result.kind === 'conflict') throw applyConflict(result.conflicts);
  config.checkDuplicates(options);
  return checkedObject<T>(result.object, [], expected, { fieldValidation: 'Ignore', warn: options.warn });
}

/** Who names a uid means an object that was there (apiserver pkg/endpoints/handlers/patch.go applyPatch). */
function withoutUid({ definition, key }: Call, object: KubernetesObject): KubernetesObject {
  const { uid } = metaOf(object);
  if (!uid) return object;
  throw conflict(
    groupResource(definition),
    key.name,
    `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
  );
}
