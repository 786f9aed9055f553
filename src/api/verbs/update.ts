import { decodeBody, kindOf } from '../codec/decode-body.ts';
import { checkIsCurrent, checkName, checkNamesVersion, inRequestNamespace } from '../object-identity.ts';
import { registryWrite } from '../registry-write.ts';
import type { Verb } from '../verb.ts';
import { writeOptions } from '../write-options.ts';

/** Replaces the object, or the part of it that the subresource stands for. */
export const updateOf =
  (subresource?: string): Verb =>
  async ({ registry }, call) => {
    const { definition, key, body, query, warn } = call;
    const options = writeOptions('UpdateOptions', query);
    const expected = kindOf(definition);
    const next = await decodeBody(body, expected, { fieldValidation: options.fieldValidation, warn });
    checkName(call, next);
    checkNamesVersion(definition, next);
    const replace = (current: typeof next) => {
      checkIsCurrent(definition, next, current);
      return inRequestNamespace(call, next);
    };
    const write = registryWrite(call, options, subresource);
    return { kind: 'object', code: 200, object: await registry.update(definition, key, replace, write) };
  };

export const update = updateOf();
