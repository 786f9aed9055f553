import { isJsonObject, type JsonObject } from '../../domain/meta/patch/json-value.ts';
import { yamlComplaint } from '../../domain/meta/schema/duplicate-fields.ts';
import { decodeStrict } from '../../domain/meta/schema/decode-strict.ts';
import { badRequest } from '../../domain/meta/status-error.ts';
import type { Body, Decoding } from './decode-body.ts';
import { warningsOf } from './yaml-warnings.ts';

export type AppliedConfiguration = {
  object: JsonObject;
  /** Throws 400 or warns as the client wished, where the text has a key twice. */
  checkDuplicates(decoding: Decoding): void;
};

/**
 * Reads what somebody applies: YAML, or JSON, which is what kubectl sends; throws 400. It stays as it is written: a field that is null or
 * zero is one that the applier names.
 */
export async function decodeConfiguration({ bytes }: Body): Promise<AppliedConfiguration> {
  const text = bytes.toString('utf8');
  const asJson = text.trimStart().startsWith('{') ? decodeStrict(text) : undefined;
  const result = asJson?.kind === 'decoded' ? asJson : (await import('./yaml.ts')).decodeYaml(text);
  if (result.kind === 'invalid') throw badRequest(`error decoding YAML: ${result.message}`);
  const { object, duplicateKeys = [] } = result;
  if (object !== null && !isJsonObject(object)) {
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(object) ? 'array' : typeof object} into Go value of type map[string]interface {}`,
    );
  }
  const problem = `error converting YAML to JSON: ${yamlComplaint(duplicateKeys)}`;
  return {
    object: object ?? {},
    checkDuplicates({ fieldValidation, warn }) {
      if (duplicateKeys.length === 0) return;
      if (fieldValidation === 'Strict') throw badRequest(`error strict decoding YAML: ${problem}`);
      if (fieldValidation === 'Warn') warningsOf(problem).forEach(warn);
    },
  };
}
