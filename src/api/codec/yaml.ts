import { parseDocument } from 'yaml';
import { lineAt, yamlComplaint } from '../../domain/meta/schema/duplicate-fields.ts';
import { decodeStrict, type DecodeResult } from '../../domain/meta/schema/decode-strict.ts';

/** Reads one YAML document as the JSON it stands for, under the same bounds. Aliases expand to at most a hundred copies. */
export function decodeYaml(text: string): DecodeResult {
  const document = parseDocument(text, { logLevel: 'silent', prettyErrors: false });
  const fatal = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (fatal) return { kind: 'invalid', message: `yaml: ${fatal.message}` };
  const result = decodeStrict(toJson(() => document.toJS({ maxAliasCount: 100 })) ?? '');
  if (result.kind === 'invalid') return result;
  const duplicateKeys = document.errors.map(({ pos: [at] }) => ({ key: keyAt(text, at), line: lineAt(text, at) }));
  return { ...result, duplicates: duplicateKeys.length === 0 ? [] : [yamlComplaint(duplicateKeys)], duplicateKeys };
}

/** The key that begins here, without its quotes. */
const keyAt = (text: string, at: number): string =>
  /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^:\n]*)/.exec(text.slice(at, at + 1000))?.[0].replaceAll(/^["']|["']$/g, '') ?? '';

/** Undefined for what cannot be JSON: too many aliases, or nested deeper than the stack. */
function toJson(read: () => unknown): string | undefined {
  try {
    return JSON.stringify(read());
  } catch {
    return undefined;
  }
}
