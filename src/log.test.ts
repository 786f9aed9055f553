import { describe, expect, it } from 'vitest';
import { describeError } from './log.ts';

describe('describeError', () => {
  it('tells the whole chain of causes in one line, with codes', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = new Error('the engine does not answer', { cause });
    expect(describeError(error)).toBe(
      'Error: the engine does not answer <- Error (ECONNREFUSED): connect ECONNREFUSED',
    );
  });

  it('says where only for mistakes of the program', () => {
    expect(describeError(new TypeError('x is not a function'))).toMatch(
      /^TypeError: x is not a function at .*log\.test\.ts/,
    );
    expect(describeError(new Error('no'))).toBe('Error: no');
  });

  it('does not follow a chain for ever', () => {
    const error = new Error('round');
    error.cause = error;
    expect(describeError(error).match(/round/g)).toHaveLength(5);
  });

  it('takes what is no error as it is', () => {
    expect(describeError('text')).toBe('text');
  });
});
