import { metaOf } from '../meta/object-key.ts';
import { isAlreadyExists } from '../meta/status-error.ts';
import type { KubernetesObject } from '../meta/types.ts';

/** apiserver pkg/registry/generic/registry/store.go maxNameGenerationCreateAttempts */
const attempts = 8;

/** Tries `create` with other generated names while one is taken; a name that the client chose it tries once. */
export async function whileNameIsTaken<T>(object: KubernetesObject, create: () => Promise<T>): Promise<T> {
  const { name, generateName } = metaOf(object);
  const isGenerated = !name && Boolean(generateName);
  for (let left = isGenerated ? attempts : 1; ; left -= 1) {
    try {
      return await create();
    } catch (error) {
      if (left <= 1 || !isAlreadyExists(error)) throw error;
    }
  }
}
