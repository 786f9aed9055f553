import { decodeBody, kindOf } from '../codec/decode-body.ts';
import { inRequestNamespace } from '../object-identity.ts';
import { registryWrite } from '../registry-write.ts';
import type { Verb } from '../verb.ts';
import { writeOptions } from '../write-options.ts';

export const create: Verb = async ({ registry }, call) => {
  const { definition, body, query, warn } = call;
  const options = writeOptions('CreateOptions', query);
  const expected = kindOf(definition);
  const object = await decodeBody(body, expected, { fieldValidation: options.fieldValidation, warn });
  const created = await registry.create(definition, inRequestNamespace(call, object), registryWrite(call, options));
  return { kind: 'object', code: 201, object: created };
};
