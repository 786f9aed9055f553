import { expect, test } from 'vitest';
import { duplicateFields, inTextOrder } from './duplicate-fields.ts';

const unknown = (path: string) => `unknown field "${path}"`;
const duplicate = (path: string) => `duplicate field "${path}"`;

test.each([
  ['an unknown field first', '{"x":1,"a":1,"a":2}', ['x'], [unknown('x'), duplicate('a')]],
  ['a double field first', '{"a":1,"a":2,"x":1}', ['x'], [duplicate('a'), unknown('x')]],
  [
    'one that is both',
    '{"l":[{"x":1,"x":2}],"y":0}',
    ['l[0].x', 'y'],
    [unknown('l[0].x'), duplicate('l[0].x'), unknown('y')],
  ],
  ['only unknown ones', '{"x":1,"y":1}', ['y', 'x'], [unknown('y'), unknown('x')]],
])('complaints come in the order of the text: %s', (_case, text, paths, expected) => {
  const scan = duplicateFields(text);
  expect(scan.kind === 'scanned' && inTextOrder(text, scan.duplicates, paths.map(unknown))).toEqual(expected);
});
