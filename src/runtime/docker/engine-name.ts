import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';

/** moby daemon/names/names.go RestrictedNameChars. */
const name = /^[a-zA-Z0-9][\w.-]*$/;
const fullId = /^[0-9a-f]{64}$/;

/** True for what Docker accepts as a name; nothing else may be put into a path, as dockerode does not escape. */
export const isEngineName = (candidate: string): boolean => name.test(candidate);

/** The id, if it is a whole one: Docker takes the beginning of an id for the id, and might act on another container. */
export function wholeId(id: string): string {
  if (!fullId.test(id)) throw new RuntimeError('NotFound', `no container has the id "${id}"`);
  return id;
}
