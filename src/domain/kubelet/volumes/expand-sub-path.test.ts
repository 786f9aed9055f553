import { expect, it } from 'vitest';
import { subPathOf } from './expand-sub-path.ts';

const env = { NAME: 'web', UP: '..', ROOT: '/tmp', EMPTY: '' };
const expand = (subPathExpr: string) => subPathOf({ name: 'v', mountPath: '/v', subPathExpr }, env);

it.each([
  ['logs/$(NAME)', { kind: 'path', path: 'logs/web' }],
  ['$$(NAME)', { kind: 'path', path: '$(NAME)' }],
  ['$(NONE)/$(EMPTY)', { kind: 'refused', message: 'missing value for EMPTY, NONE' }],
  ['$(ROOT)', { kind: 'refused', message: 'error SubPath `/tmp` must not be an absolute path' }],
  ['a/$(UP)', { kind: 'refused', message: "unable to provision SubPath `a/..`: must not contain '..'" }],
])('expands %s', (text, expected) => expect(expand(text)).toEqual(expected));
