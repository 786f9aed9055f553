/** The expression could not be evaluated with this data. `||`, `&&` and the macros `all` and `exists` may still find an answer. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** The expression may use no more; nothing inside of it can hide that. */
export class CostError extends Error {
  override readonly name = 'CostError';
}

/** What is wrong with the text of an expression, and where: `offset` counts UTF-16 units. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** As cel-go prints an error: with its line and a mark below the place (common/error.go ToDisplayString). */
export function displayError({ message, offset }: ExpressionError, text: string): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = before.length - (before.lastIndexOf('\n') + 1);
  const snippet = (text.split('\n')[line - 1] ?? '').slice(0, 1000);
  const mark = column < 1000 ? `\n | ${'.'.repeat(column)}^` : '';
  return `ERROR: <input>:${line}:${column + 1}: ${message}\n | ${snippet}${mark}`;
}
