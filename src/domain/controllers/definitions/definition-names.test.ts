import { expect, it } from 'vitest';
import { decideNames } from './definition-names.ts';

const wanted = { plural: 'apples', singular: 'apple', kind: 'Apple', listKind: 'AppleList', shortNames: ['ap', 'pl'] };
const none = { plural: '', kind: '' };
const taken = (resources: string[], kinds: string[] = []) => ({ resources: new Set(resources), kinds: new Set(kinds) });

it.each([
  ['nothing', taken(['pears'], ['Pear']), 'True', 'NoConflicts', 'no conflicts found'],
  ['the plural', taken(['apples']), 'False', 'PluralConflict', '"apples" is already in use'],
  ['the singular', taken(['apple']), 'False', 'SingularConflict', '"apple" is already in use'],
  [
    'short names',
    taken(['ap', 'pl']),
    'False',
    'ShortNamesConflict',
    '["ap" is already in use, "pl" is already in use]',
  ],
  ['the kind', taken([], ['Apple']), 'False', 'KindConflict', '"Apple" is already in use'],
  ['the kind of lists', taken([], ['AppleList']), 'False', 'ListKindConflict', '"AppleList" is already in use'],
])('when others have %s', (_name, others, status, reason, message) => {
  expect(decideNames(wanted, none, others).condition).toEqual({ type: 'NamesAccepted', status, reason, message });
});

it('gives what is free, and leaves the rest as it was', () => {
  const { accepted } = decideNames({ ...wanted, singular: 'pear' }, wanted, taken(['pear', 'apples', 'ap']));
  expect(accepted).toEqual(wanted);
});

it('takes names away that are not wanted any more', () => {
  const { shortNames: _gone, ...fewer } = wanted;
  expect(decideNames(fewer, wanted, taken([])).accepted).toEqual(fewer);
});
