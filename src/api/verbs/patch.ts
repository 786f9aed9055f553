import { invalid, invalidValue } from '../../domain/meta/field-error.ts';
import { goFormat } from '../../domain/meta/patch/go-format.ts';
import { applyJsonPatch } from '../../domain/meta/patch/json-patch.ts';
import { applyMergePatch } from '../../domain/meta/patch/merge-patch.ts';
import type { PatchErrorCode, PatchResult } from '../../domain/meta/patch/patch-result.ts';
import { applyStrategicMergePatch } from '../../domain/meta/patch/strategic-merge-patch.ts';
import { decodeStrict } from '../../domain/meta/schema/decode-strict.ts';
import { schemaOfKind } from '../../domain/meta/schema/schema-table.ts';
import { badRequest, entityTooLarge, StatusError, unsupportedMediaType } from '../../domain/meta/status-error.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import {
  checkedObject,
  kindOf,
  mediaTypeOf,
  type Body,
  type Decoding,
  type ExpectedKind,
} from '../codec/decode-body.ts';
import { checkIsCurrent, inRequestNamespace } from '../object-identity.ts';
import { registryWrite } from '../registry-write.ts';
import type { Verb } from '../verb.ts';
import { patchOptions } from '../write-options.ts';
import { apply, applyMediaType } from './apply.ts';

/** Changes the object, or the part of it that the subresource stands for. The patch always meets the newest state. */
export const patchOf =
  (subresource?: string): Verb =>
  async (context, call) => {
    const { definition, key, body, query, warn } = call;
    if (mediaTypeOf(body.contentType) === applyMediaType) return apply(context, call, subresource);
    const options = patchOptions(query);
    const expected = kindOf(definition);
    const patched = patcher<KubernetesObject>(body, expected, { fieldValidation: options.fieldValidation, warn });
    const change = (current: KubernetesObject) => {
      const next = patched(current);
      checkIsCurrent(definition, next, current);
      return inRequestNamespace(call, next);
    };
    const write = registryWrite(call, options, subresource);
    return { kind: 'object', code: 200, object: await context.registry.update(definition, key, change, write) };
  };

export const patch = patchOf();

type Apply = (current: unknown, patch: unknown, expected: ExpectedKind) => PatchResult;

/** Only built-in kinds say how their lists merge. */
const strategic = 'application/strategic-merge-patch+json';

const patchTypes: Readonly<Record<string, Apply>> = {
  'application/json-patch+json': applyJsonPatch,
  'application/merge-patch+json': applyMergePatch,
  [strategic]: (current, change, { apiVersion, kind }) => {
    const type = schemaOfKind(apiVersion, kind);
    if (type === undefined) throw unsupportedMediaType(patchMediaTypes.filter((each) => each !== strategic));
    return applyStrategicMergePatch(current, change, type);
  },
};

const patchMediaTypes = [...Object.keys(patchTypes), applyMediaType];

/** Reads the patch, and answers what applies it; throws 400, 413, 415 or 422. */
export function patcher<T extends KubernetesObject>(
  body: Body,
  expected: ExpectedKind,
  decoding: Decoding,
): (current: T) => T {
  const mediaType = mediaTypeOf(body.contentType);
  const apply = Object.hasOwn(patchTypes, mediaType) ? patchTypes[mediaType] : undefined;
  if (apply === undefined) throw unsupportedMediaType(patchMediaTypes);
  const decoded = decodeStrict(body.bytes.toString('utf8'));
  if (decoded.kind === 'invalid') {
    throw badRequest(mediaType === strategic ? decoded.message : `error decoding patch: ${decoded.message}`);
  }
  const cannot = mediaType === strategic ? isInvalidPatch(decoded.object, expected) : undefined;
  return (current) => {
    const result = apply(current, decoded.object, expected);
    if (result.kind === 'invalid') throw refusals[result.code](result.message);
    return checkedObject<T>(result.object, decoded.duplicates, expected, decoding, cannot);
  };
}

/** applyPatchToObject of apiserver's pkg/endpoints/handlers/patch.go. What a Secret was to hold is not repeated. */
const isInvalidPatch =
  (patch: unknown, { kind }: ExpectedKind) =>
  (why: string): StatusError =>
    invalid('', '', '', [invalidValue('patch', kind === 'Secret' ? '' : goFormat(patch), why)]);

const refusals: Readonly<Record<PatchErrorCode, (message: string) => StatusError>> = {
  BadRequest: badRequest,
  RequestEntityTooLarge: entityTooLarge,
  Invalid: (message) =>
    new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {
      causes: [{ reason: 'UnexpectedServerResponse', message }],
    }),
};
