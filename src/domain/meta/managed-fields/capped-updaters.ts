import { union } from './field-set.ts';
import { compareText, ownerId, seconds, type Owner, type Owners, type Ownership } from './owners.ts';

/** More writers than this are not told apart for ever (managedfields/internal/fieldmanager.go DefaultMaxUpdateManagers). */
const maxUpdaters = 10;

/** The oldest updaters too many become one, `ancient-changes`, for every version (capmanagers.go). */
export function cappedUpdaters(owners: Owners): Owners {
  const updaters = [...owners].filter(([, { operation }]) => operation === 'Update').toSorted(byAge);
  let excess = updaters.length - maxUpdaters;
  if (excess <= 0) return owners;
  const capped = new Map(owners);
  const oldest = new Map<string, string>();
  for (const [id, { apiVersion, time, fields }] of updaters) {
    if (excess === 0) break;
    const first = oldest.get(apiVersion);
    if (first === undefined) {
      oldest.set(apiVersion, id);
      continue;
    }
    const owner: Owner = { manager: 'ancient-changes', operation: 'Update', apiVersion };
    const bucket = ownerId(owner);
    if (id === bucket) continue;
    const gathered = capped.get(bucket) ?? capped.get(first);
    if (!capped.has(bucket)) capped.delete(first);
    capped.delete(id);
    capped.set(bucket, {
      ...owner,
      ...(time === undefined ? {} : { time }),
      fields: union(fields, gathered?.fields ?? {}),
    });
    excess--;
  }
  return capped;
}

const byAge = ([aId, a]: [string, Ownership], [bId, b]: [string, Ownership]): number =>
  seconds(a) - seconds(b) || compareText(aId, bId);
