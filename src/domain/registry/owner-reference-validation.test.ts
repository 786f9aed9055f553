import { expect, test } from 'vitest';
import { configMaps } from '../resources/config-map.ts';
import { openTestRegistry } from './registry-fixture.ts';

const reference = { apiVersion: 'v1', kind: 'Pod', name: 'web', uid: 'u1' };

const cases: [what: string, references: object[], message: RegExp | undefined][] = [
  ['a whole reference', [reference], undefined],
  ['several, one of which controls', [reference, { ...reference, uid: 'u2', controller: true }], undefined],
  [
    'without a version',
    [{ ...reference, apiVersion: undefined }],
    /ownerReferences\.apiVersion: .*version must not be empty/,
  ],
  ['without a kind', [{ ...reference, kind: '' }], /ownerReferences\.kind/],
  ['without a name', [{ ...reference, name: '' }], /ownerReferences\.name/],
  ['without a uid', [{ ...reference, uid: undefined }], /ownerReferences\.uid/],
  ['an event owns nothing', [{ ...reference, kind: 'Event' }], /disallowed from being an owner/],
  [
    'two controllers',
    [
      { ...reference, controller: true },
      { ...reference, name: 'db', uid: 'u2', controller: true },
    ],
    /Only one reference can have Controller set to true\. Found "true" in references for web and db/,
  ],
];

test.each(cases)('%s', async (_what, references, message) => {
  const registry = await openTestRegistry();
  const ownerReferences = references as (typeof reference)[];
  const made = registry.create(configMaps, { metadata: { name: 'a', namespace: 'default', ownerReferences } });
  if (message) await expect(made).rejects.toThrow(message);
  else await expect(made).resolves.toMatchObject({ metadata: { ownerReferences } });
});
