import { describe, expect, it } from 'vitest';
import { expandVariables } from './expand-variables.ts';

const variables = { VAR_A: 'A', VAR_EMPTY: '', VAR_REF: '$(VAR_A)' };

// The cases of expand_test.go, in own words.
describe('expandVariables', () => {
  it.each([
    ['$(VAR_A)', 'A'],
    ['___$(VAR_A)___', '___A___'],
    ['$(VAR_A)$(VAR_A)', 'AA'],
    ['$(VAR_EMPTY)', ''],
    ['$(VAR_REF)', '$(VAR_A)'],
    ['$$(VAR_A)', '$(VAR_A)'],
    ['$$$(VAR_A)', '$A'],
    ['$$$$(VAR_A)', '$$(VAR_A)'],
    ['$(UNKNOWN)', '$(UNKNOWN)'],
    ['$VAR_A', '$VAR_A'],
    ['$(VAR_A', '$(VAR_A'],
    ['$', '$'],
    ['$(constructor)', '$(constructor)'],
  ])('%s → %s', (text, expected) => {
    expect(expandVariables(text, variables)).toBe(expected);
  });
});
