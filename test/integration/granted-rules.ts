/** One line of `kubectl auth can-i --list`. */
export type GrantedRule = {
  resource: string;
  urls: readonly string[];
  names: readonly string[];
  verbs: readonly string[];
};

const COLUMNS = ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'] as const;

/** What the table says; a resource is written as `pods/log` or `deployments.apps/scale`. */
export function grantedRules(table: string): GrantedRule[] {
  const [header = '', ...lines] = table.split('\n');
  const starts = COLUMNS.map((column) => header.indexOf(column));
  const cell = (line: string, index: number) => line.slice(starts[index], starts[index + 1]).trim();
  const list = (text: string) =>
    text
      .slice(1, -1)
      .split(' ')
      .filter((word) => word !== '');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => ({
      resource: cell(line, 0),
      urls: list(cell(line, 1)),
      names: list(cell(line, 2)),
      verbs: list(cell(line, 3)),
    }));
}

/** Whether the rules allow the verb on the resource; on every object when none is named. */
export const isGranted = (rules: readonly GrantedRule[], verb: string, resource: string, name?: string): boolean =>
  rules.some(
    (rule) =>
      rule.resource === resource &&
      rule.verbs.includes(verb) &&
      (rule.names.length === 0 || (name !== undefined && rule.names.includes(name))),
  );
