import { expect, it } from 'vitest';
import { configMaps } from '../resources/config-map.ts';
import { ResourceCatalog } from '../resources/resource-catalog.ts';
import { secrets } from '../resources/secret.ts';
import { followResources } from './follow-resources.ts';

it('tells of what is there and what comes, and says when it is taken away', () => {
  const catalog = new ResourceCatalog([configMaps]);
  const abort = new AbortController();
  const heard: string[] = [];
  const found = ({ plural }: { plural: string }) => {
    heard.push(`+${plural}`);
    return () => void heard.push(`-${plural}`);
  };
  followResources(catalog, found, abort.signal);
  expect(heard.splice(0)).toEqual(['+configmaps']);

  catalog.put('added', [secrets]);
  catalog.put('added', [{ ...secrets }]);
  expect(heard.splice(0)).toEqual(['+secrets']);

  catalog.put('added', []);
  catalog.put('added', [secrets]);
  expect(heard.splice(0)).toEqual(['-secrets', '+secrets']);

  abort.abort();
  catalog.put('added', []);
  expect(heard).toEqual([]);
});
