/** One clause of an Accept header. */
export type AcceptClause = { type: string; subtype: string; parameters: ReadonlyMap<string, string>; quality: number };

/** As many clauses as any real client sends, several times over. */
const maxClauses = 32;

/** The clauses, those with the higher `q` first, else in the client's order. An absent header accepts everything. */
export function parseAccept(header: string | undefined): AcceptClause[] {
  return (header?.trim() || '*/*')
    .split(',', maxClauses)
    .map(parseClause)
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
}

function parseClause(text: string): AcceptClause {
  const [media = '', ...rest] = text.split(';').map((part) => part.trim());
  const [type = '', subtype = ''] = media.toLowerCase().split('/');
  const parameters = new Map(
    rest.map((part): [string, string] => {
      const [name = '', value = ''] = part.split('=', 2);
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
    }),
  );
  const quality = Number(parameters.get('q') ?? 1);
  return { type, subtype, parameters, quality: Number.isNaN(quality) ? 0 : quality };
}

export const acceptsType = (clause: AcceptClause, type: string, subtype: string): boolean =>
  (clause.type === '*' || clause.type === type) && (clause.subtype === '*' || clause.subtype === subtype);
