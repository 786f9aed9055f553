/** What can follow `k2d` on a command line. */
export type Completable = {
  name: string;
  summary: string;
  /** Its operand is a file. */
  files: boolean;
  /** What its operand may be. */
  words: readonly string[];
  options: readonly { name: string; help: string; choices: readonly string[] }[];
};

const firstWords = (commands: readonly Completable[]): string[] => [
  ...new Set(commands.map(({ name }) => name.split(' ')[0]!)),
  'help',
];

export function bashCompletion(commands: readonly Completable[]): string {
  const cases = commands.map(({ name, options, words, files }) => {
    const flags = options.map((option) => `--${option.name}`);
    const choices = options.flatMap(({ name, choices }) =>
      choices.length > 0 ? [`      [[ $prev == --${name} ]] && words='${choices.join(' ')}'\n`] : [],
    );
    const pattern = name.includes(' ') ? `"${name}"` : `"${name}"|"${name} "*`;
    return `    ${pattern})\n      words='${[...words, ...flags].join(' ')}'\n${choices.join('')}${files ? '      files=1\n' : ''}      ;;\n`;
  });
  const groups = commands.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' '));
  const group = groups.map(([first, second]) => `    "${first} "*) words='${second}' ;;\n`);
  return `# bash completion of k2d
_k2d() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words='' files=''
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W '${firstWords(commands).join(' ')}' -- "$cur"))
    return
  fi
  local asked="\${COMP_WORDS[1]}"
  (( COMP_CWORD > 2 )) && asked="\${COMP_WORDS[1]} \${COMP_WORDS[2]}"
  (( COMP_CWORD == 2 )) && asked="\${COMP_WORDS[1]} "
  case "$asked" in
${[...cases, ...group].join('')}  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [[ -n $files && $cur != -* ]]; then COMPREPLY+=($(compgen -f -- "$cur")); fi
}
complete -o filenames -F _k2d k2d
`;
}

export function zshCompletion(commands: readonly Completable[]): string {
  const quoted = (text: string) => text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, '\\$&');
  const cases = commands.map(({ name, options, words, files }) => {
    const specs = options.map(
      ({ name, help, choices }) =>
        `'--${name}[${quoted(help)}]${choices.length > 0 ? `:${name}:(${choices.join(' ')})` : ''}'`,
    );
    const operand = files ? ["'*:file:_files'"] : words.length > 0 ? [`'*:word:(${words.join(' ')})'`] : [];
    return `    '${name}') _arguments ${[...specs, ...operand].join(' ')} ;;\n`;
  });
  const described = commands
    .filter(({ name }) => !name.includes(' '))
    .map(({ name, summary }) => `'${name}:${quoted(summary)}'`);
  const groups = commands.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' '));
  const second = groups.map(([first, word]) => `    '${first}') compadd ${word} ;;\n`);
  return `#compdef k2d
_k2d() {
  local -a commands=(${[...described, ...new Set(groups.map(([first]) => `'${first}'`)), "'help'"].join(' ')})
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local asked="$words[2]"
  if (( CURRENT == 3 )); then case "$asked" in
${second.join('')}  esac; fi
  [[ "$words[2] $words[3]" == (${groups.map((words) => words.join('\\ ')).join('|')}) ]] && asked="$words[2] $words[3]"
  case "$asked" in
${cases.join('')}  esac
}
compdef _k2d k2d
`;
}

export function fishCompletion(commands: readonly Completable[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap(({ name, summary, options, words, files }) => {
    const [first = '', second] = name.split(' ');
    const when = `-n ${quoted(`__fish_seen_subcommand_from ${first}`)}`;
    return [
      `complete -c k2d -n __fish_use_subcommand -f -a ${first} -d ${quoted(summary)}`,
      ...[...words, ...(second === undefined ? [] : [second])].map((word) => `complete -c k2d ${when} -f -a ${word}`),
      ...(files ? [`complete -c k2d ${when} -F`] : []),
      ...options.map(({ name, help, choices }) => {
        const values = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : '';
        return `complete -c k2d ${when} -l ${name} -d ${quoted(help)}${values}`;
      }),
    ];
  });
  return `# fish completion of k2d\ncomplete -c k2d -f\n${lines.join('\n')}\n`;
}
