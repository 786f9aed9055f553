import { ExpressionError } from './cel-error.ts';
import type { Element, Entry, Expression, ExpressionKind } from './expression.ts';
import { macroOf } from './macro.ts';
import { tokensOf, type Token } from './token.ts';

/** cel-go's own bounds (parser/options.go): no expression is longer or deeper. */
const maxCharacters = 100_000;
const maxDepth = 250;

/** Functions whose name has a dot; before it stands no variable. */
const namespaces = new Set(['optional', 'sets', 'strings', 'math', 'format', 'ip', 'base64']);

/** Reads the text of an expression (cel-spec doc/langdef.md); throws ExpressionError. */
export function parseExpression(text: string): Expression {
  if (text.length > maxCharacters)
    throw new ExpressionError(
      `expression code point size exceeds limit: size: ${text.length}, limit ${maxCharacters}`,
      0,
    );
  const parser = new Parser(tokensOf(text));
  return parser.whole();
}

const relations = ['==', '!=', '<', '<=', '>', '>=', 'in'];
const reserved = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
);

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#expression();
    if (this.#token.kind !== 'end') throw this.#unexpected();
    return expression;
  }

  get #token(): Token {
    return this.#tokens[this.#at]!;
  }

  #unexpected(): ExpressionError {
    const { text, offset } = this.#token;
    return new ExpressionError(`Syntax error: unexpected '${text.slice(0, 50)}'`, offset);
  }

  #next(): Token {
    const token = this.#token;
    this.#at++;
    return token;
  }

  #isNext(...texts: string[]): boolean {
    const { kind, text } = this.#token;
    return (kind === 'symbol' || kind === 'name') && texts.includes(text);
  }

  #accept(text: string): Token | undefined {
    return this.#isNext(text) ? this.#next() : undefined;
  }

  #expect(text: string): Token {
    const token = this.#accept(text);
    if (!token) throw this.#unexpected();
    return token;
  }

  #expression(): Expression {
    if (++this.#nesting > maxDepth) throw new ExpressionError(tooDeep, this.#token.offset);
    const condition = this.#logic('||');
    const mark = this.#accept('?');
    if (!mark) {
      this.#nesting--;
      return condition;
    }
    const yes = this.#logic('||');
    this.#expect(':');
    const no = this.#expression();
    this.#nesting--;
    return made({ kind: 'choice', condition, yes, no }, mark.offset, condition, yes, no);
  }

  #logic(operator: '&&' | '||'): Expression {
    const inner = () => (operator === '||' ? this.#logic('&&') : this.#binary(relations, () => this.#sum()));
    const first = inner();
    const { offset } = this.#token;
    const operands = [first];
    while (this.#accept(operator)) operands.push(inner());
    return operands.length === 1 ? first : made({ kind: 'logic', operator, operands }, offset, ...operands);
  }

  #binary(operators: readonly string[], inner: () => Expression): Expression {
    let left = inner();
    while (this.#isNext(...operators)) {
      const { text, offset } = this.#next();
      left = called(text === 'in' ? '@in' : `_${text}_`, false, [left, inner()], offset);
    }
    return left;
  }

  #sum(): Expression {
    return this.#binary(['+', '-'], () => this.#binary(['*', '/', '%'], () => this.#unary()));
  }

  #unary(): Expression {
    const { text, offset } = this.#token;
    if (!this.#isNext('!', '-')) return this.#member();
    let count = 0;
    while (this.#accept(text)) count++;
    const operand = this.#token;
    if (text === '-' && count === 1 && operand.kind === 'literal' && isNumber(operand.value)) {
      this.#next();
      return this.#members(made({ kind: 'literal', value: -operand.value }, offset));
    }
    const inner = this.#member();
    if (text === '!') return count % 2 === 1 ? called('!_', false, [inner], offset) : inner;
    return count % 2 === 1 ? called('-_', false, [inner], offset) : inner;
  }

  #member(): Expression {
    return this.#members(this.#primary());
  }

  #members(first: Expression): Expression {
    let operand = first;
    for (;;) {
      const { offset } = this.#token;
      if (this.#accept('[')) operand = this.#index(operand, offset);
      else if (this.#accept('.')) operand = this.#dot(operand, offset);
      else return operand;
    }
  }

  #index(operand: Expression, offset: number): Expression {
    const isOptional = this.#accept('?') !== undefined;
    const index = this.#expression();
    this.#expect(']');
    return called(isOptional ? '_[?_]' : '_[_]', false, [operand, index], offset);
  }

  #dot(operand: Expression, offset: number): Expression {
    const isOptional = this.#accept('?') !== undefined;
    const token = this.#next();
    if (token.kind !== 'name' && token.kind !== 'quotedName') {
      this.#at--;
      throw this.#unexpected();
    }
    const field = token.kind === 'quotedName' ? token.text.slice(1, -1) : token.text;
    const opening = isOptional || token.kind === 'quotedName' ? undefined : this.#accept('(');
    if (opening === undefined)
      return made({ kind: 'select', operand, field, mode: isOptional ? 'optional' : 'value' }, offset, operand);
    const args = this.#arguments();
    if (operand.kind === 'name' && namespaces.has(operand.name) && isNamespaced(operand.name, field))
      return called(`${operand.name}.${field}`, false, args, opening.offset);
    const macro = macroOf(field, operand, args);
    if (macro === undefined) return called(field, true, [operand, ...args], opening.offset);
    return made({ kind: 'macro', ...macro }, opening.offset, operand, ...args);
  }

  #arguments(): Expression[] {
    const args: Expression[] = [];
    if (this.#accept(')')) return args;
    do args.push(this.#expression());
    while (this.#accept(','));
    this.#expect(')');
    return args;
  }

  #primary(): Expression {
    const token = this.#token;
    const { offset } = token;
    if (token.kind === 'literal') return this.#literal(token);
    if (this.#accept('(')) {
      const inner = this.#expression();
      this.#expect(')');
      return inner;
    }
    if (this.#accept('[')) return this.#list(offset);
    if (this.#accept('{')) return this.#map(offset);
    this.#accept('.');
    const { kind, text } = this.#token;
    if (kind !== 'name') throw this.#unexpected();
    this.#next();
    if (text === 'true' || text === 'false') return made({ kind: 'literal', value: text === 'true' }, offset);
    if (text === 'null') return made({ kind: 'literal', value: null }, offset);
    if (reserved.has(text)) {
      throw new ExpressionError(`Syntax error: reserved identifier: ${text}`, offset);
    }
    const opening = this.#accept('(');
    if (opening) return this.#call(text, opening.offset);
    if (this.#isNext('{')) throw this.#unexpected();
    return made({ kind: 'name', name: text }, offset);
  }

  #literal(token: Token & { kind: 'literal' }): Expression {
    this.#next();
    if (token.value === 2n ** 63n) throw new ExpressionError('Syntax error: invalid int literal', token.offset);
    return made({ kind: 'literal', value: token.value }, token.offset);
  }

  #call(name: string, offset: number): Expression {
    const args = this.#arguments();
    if (name !== 'has') return called(name, false, args, offset);
    const [operand] = args;
    if (args.length !== 1 || operand?.kind !== 'select' || operand.mode !== 'value')
      throw new ExpressionError('invalid argument to has() macro', offset);
    return { ...operand, mode: 'test' };
  }

  #list(offset: number): Expression {
    const elements: Element[] = [];
    while (!this.#accept(']')) {
      const isOptional = this.#accept('?') !== undefined;
      elements.push({ value: this.#expression(), isOptional });
      if (!this.#accept(',') && !this.#isNext(']')) throw this.#unexpected();
    }
    return made({ kind: 'list', elements }, offset, ...elements.map(({ value }) => value));
  }

  #map(offset: number): Expression {
    const entries: Entry[] = [];
    while (!this.#accept('}')) {
      const isOptional = this.#accept('?') !== undefined;
      const key = this.#expression();
      this.#expect(':');
      entries.push({ key, value: this.#expression(), isOptional });
      if (!this.#accept(',') && !this.#isNext('}')) throw this.#unexpected();
    }
    return made({ kind: 'map', entries }, offset, ...entries.flatMap(({ key, value }) => [key, value]));
  }
}

/** `ip.isCanonical(text)` is a function, `ip.family()` one of a value whose name is ip. */
const isNamespaced = (namespace: string, name: string): boolean => namespace !== 'ip' || name === 'isCanonical';

const isNumber = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

const tooDeep = `expression recursion limit exceeded: ${maxDepth}`;

function made(kind: ExpressionKind, offset: number, ...inner: readonly Expression[]): Expression {
  const depth = 1 + inner.reduce((deepest, one) => Math.max(deepest, one.depth), 0);
  if (depth > maxDepth) throw new ExpressionError(tooDeep, offset);
  return { ...kind, offset, depth };
}

const called = (name: string, isMember: boolean, args: readonly Expression[], offset: number): Expression =>
  made({ kind: 'call', name, isMember, args }, offset, ...args);
