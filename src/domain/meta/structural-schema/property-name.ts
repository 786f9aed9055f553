/** Words that are no names in an expression (cel-spec doc/langdef.md, Syntax). */
const keywords = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
/** Those of them that Kubernetes escapes (structural-merge: apiserver pkg/cel/escaping.go). */
const escaped = new Set([...keywords].filter((word) => !['var', 'void', 'while'].includes(word)));

const codes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};
const characters: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(codes).map(([character, code]) => [code, character]),
);

/** The name of a property in an expression; undefined when it has none. */
function escapeProperty(name: string): string | undefined {
  if (escaped.has(name)) return `__${name}__`;
  if (!/^[a-zA-Z_][a-zA-Z0-9_./-]*$/.test(name)) return undefined;
  return name.replaceAll(/__|[./-]/g, (part) => codes[part]!);
}

/** The property that a name in an expression stands for; undefined when it stands for none. */
export function unescapeProperty(name: string): string | undefined {
  if (!name.includes('__')) return escaped.has(name) ? undefined : name;
  const word = /^__([a-z]+)__$/.exec(name)?.[1];
  const property =
    word !== undefined && escaped.has(word)
      ? word
      : name.replaceAll(/__(?:underscores|dot|dash|slash)__/g, (code) => characters[code]!);
  // What is written without escapes is no second name for it.
  return escapeProperty(property) === name ? property : undefined;
}
