import { badRequest } from './status-error.ts';

/** One clause `path=value` or `path!=value`; all must hold (apimachinery pkg/fields/selector.go). */
export type FieldRequirement = { path: string; equal: boolean; value: string };

const unescape = (text: string): string => text.replaceAll(/\\([\\,=])/g, '$1');

/** Empty selects everything. Backslash escapes `\,` `\=` `\\` in values. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  if (text === '') return [];
  return text
    .split(/(?<!\\),/)
    .filter((clause) => clause !== '')
    .map((clause) => {
      const parts = /^([^=!\\]+)(==|=|!=)(.*)$/s.exec(clause);
      if (!parts) throw badRequest(`invalid field selector: "${clause.slice(0, 200)}"; can't understand it`);
      return { path: parts[1]!, equal: parts[2] !== '!=', value: unescape(parts[3]!) };
    });
}
