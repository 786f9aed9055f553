import type { ListDocument, Presentation } from '../presentation.ts';

type Encoding = Presentation['encoding'];

/** The whole document as text. YAML is loaded when somebody first asks for it: kubectl makes its own from JSON. */
export async function encode(document: unknown, encoding: Encoding): Promise<string> {
  if (encoding === 'json') return `${JSON.stringify(document)}\n`;
  const { stringify } = await import('yaml');
  return stringify(document, { aliasDuplicateObjects: false });
}

/** A list as text in pieces of about `pieceLength` characters, so that a long list is never in memory as a whole. */
export function* encodeList({ head, elementsKey, elements }: ListDocument, pieceLength = 65_536): Generator<string> {
  let piece = `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(elementsKey)}:[`;
  let separator = '';
  for (const element of elements) {
    piece += separator + JSON.stringify(element);
    separator = ',';
    if (piece.length >= pieceLength) {
      yield piece;
      piece = '';
    }
  }
  yield `${piece}]}\n`;
}
