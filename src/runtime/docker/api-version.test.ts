import { expect, test } from 'vitest';
import { commonApiVersion } from './api-version.ts';

test.each([
  ['Docker 20.10', '1.41', '1.12', 'v1.41'],
  ['Docker 26', '1.45', '1.24', 'v1.45'],
  ['a future Docker', '1.60', '1.44', 'v1.51'],
  ['two digits are numbers', '1.100', '1.9', 'v1.51'],
])('%s', (_, ApiVersion, MinAPIVersion, chosen) => {
  expect(commonApiVersion({ ApiVersion, MinAPIVersion })).toBe(chosen);
});

test.each([
  ['too old', '1.40', '1.12'],
  ['too new', '1.70', '1.60'],
])('no common version: %s', (_, ApiVersion, MinAPIVersion) => {
  expect(() => commonApiVersion({ ApiVersion, MinAPIVersion })).toThrow(/1\.41 to 1\.51/);
});
