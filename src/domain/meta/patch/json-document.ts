import { isDeeperThan, maxJsonDepth } from '../schema/json-depth.ts';
import { arrayIndex, pointerText } from './json-pointer.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { PatchError } from './patch-result.ts';

/** As the API server bounds it: the size of a request body. */
const maxCopiedBytes = 3 * 1024 * 1024;

/** A private copy of the document, changed step by step. */
export class JsonDocument {
  value: unknown;
  #copiedBytes = 0;

  constructor(original: unknown) {
    this.value = structuredClone(original);
  }

  /** What stands at a path; undefined where nothing does. */
  find(path: readonly string[]): unknown {
    return path.reduce<unknown>((at, key) => childOf(at, key), this.value);
  }

  get(path: readonly string[], operation: string): unknown {
    const value = this.find(path);
    if (value === undefined) throw missing(operation, 'key', path);
    return value;
  }

  /** Copies of copies double with every operation, so their sum is bounded. */
  copyOf(path: readonly string[]): unknown {
    const text = JSON.stringify(this.get(path, 'copy'));
    this.#copiedBytes += text.length;
    if (this.#copiedBytes > maxCopiedBytes) {
      const message = `Unable to complete the copy, the accumulated size increase of copy is ${this.#copiedBytes}, exceeding the limit ${maxCopiedBytes}`;
      throw new PatchError('Invalid', message);
    }
    return JSON.parse(text);
  }

  add(path: readonly string[], value: unknown): void {
    if (isDeeperThan(value, maxJsonDepth - path.length)) throw new PatchError('Invalid', 'exceeded max depth');
    const key = path.at(-1);
    if (key === undefined) {
      this.value = value;
      return;
    }
    const parent = this.find(path.slice(0, -1));
    if (Array.isArray(parent)) {
      const index = arrayIndex(key, parent.length);
      if (index === undefined)
        throw new PatchError(
          'Invalid',
          `add operation does not apply: ${key} is no index of ${pointerText(path.slice(0, -1))}`,
        );
      parent.splice(index, 0, value);
    } else if (isJsonObject(parent)) setOwn(parent, key, value);
    else throw missing('add', 'path', path);
  }

  remove(path: readonly string[], operation: string): void {
    this.get(path, operation);
    const key = path.at(-1);
    if (key === undefined) {
      this.value = null;
      return;
    }
    const parent = this.find(path.slice(0, -1));
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else Reflect.deleteProperty(parent as object, key);
  }
}

function childOf(parent: unknown, key: string): unknown {
  if (Array.isArray(parent)) {
    const index = arrayIndex(key, parent.length);
    return index === undefined ? undefined : parent[index];
  }
  return isJsonObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
}

/** Plain assignment to `__proto__` would set the prototype. */
function setOwn(target: JsonObject, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function missing(operation: string, what: 'key' | 'path', path: readonly string[]): PatchError {
  return new PatchError(
    'Invalid',
    `${operation} operation does not apply: doc is missing ${what}: ${pointerText(path)}: missing value`,
  );
}
