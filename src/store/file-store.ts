import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../domain/meta/logger.ts';
import type { ObjectKey } from '../domain/meta/object-key.ts';
import type { KubernetesObject } from '../domain/meta/types.ts';
import type { ObjectStore } from '../domain/registry/object-store.ts';
import { isLeftover, removeDurably, writeDurably } from './durable-file.ts';

/** Stands for the namespace of cluster-scoped objects; no namespace can have this name. */
const clusterFolder = '_cluster';

/**
 * One readable file an object: `<folder>/objects/<resource>/<namespace>/<name>`. The file name is the object's name and no more than two
 * bytes else, since Kubernetes allows 253 bytes of the 255 a file system does.
 */
export function fileStore(folder: string, logger: Logger): ObjectStore {
  const objects = join(folder, 'objects');
  const boundFile = join(folder, 'resource-version');
  const pathOf = (resource: string, { namespace, name }: ObjectKey) =>
    join(objects, segment(resource), segment(namespace || clusterFolder), fileName(name));

  return {
    async *load(resource) {
      const folder = join(objects, segment(resource));
      for (const namespace of await names(folder)) {
        for (const name of await names(join(folder, namespace))) {
          const path = join(folder, namespace, name);
          if (isLeftover(name)) {
            await rm(path, { force: true });
            continue;
          }
          const object = await readObject(path, logger);
          if (object) yield object;
        }
      }
    },
    put: (resource, key, object) => writeDurably(pathOf(resource, key), `${JSON.stringify(object, null, 2)}\n`),
    remove: (resource, key) => removeDurably(pathOf(resource, key)),
    async resourceVersionBound() {
      const text = await readFile(boundFile, 'utf8').catch(missing('0'));
      const bound = Number(text);
      if (!Number.isSafeInteger(bound)) throw new TypeError(`${boundFile} holds no number: ${text.slice(0, 40)}`);
      return bound;
    },
    raiseResourceVersionBound: (bound) => writeDurably(boundFile, `${bound}\n`),
  };
}

/** Names were validated long before; this is the last door before the disk. */
function segment(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
    throw new TypeError(`not a file name: ${JSON.stringify(name)}`);
  }
  return name;
}

/** Roles may have names that look like an interrupted write. No name of an object holds a percent sign, so none is hit by another's. */
const fileName = (name: string): string => (isLeftover(name) ? `%2E${name.slice(1)}` : segment(name));

async function readObject(path: string, logger: Logger): Promise<KubernetesObject | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as KubernetesObject;
  } catch (error) {
    logger.error({ path, error }, 'cannot read a stored object; the file is left as it is');
    return undefined;
  }
}

const names = (folder: string): Promise<string[]> => readdir(folder).catch(missing([]));

const missing =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
