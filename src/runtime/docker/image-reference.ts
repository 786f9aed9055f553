import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';

/** What a reference can consist of (distribution/reference regexp.go); nothing of it can leave the path it is put into. */
const allowed = /^[\w.:@+[\]-]+(\/[\w.:@+[\]-]+)*$/;

/** A reference in the form Docker looks up: with a digest the tag is dropped, as Docker knows an image by one of them only. */
export function engineReference(reference: string): string {
  if (!allowed.test(reference) || reference.split('/').some((part) => part === '.' || part === '..')) {
    throw new RuntimeError('InvalidArgument', `"${reference}" is not an image reference`);
  }
  const [name = '', digest] = reference.split('@');
  return digest === undefined ? name : `${repositoryOf(name)}@${digest}`;
}

/** Repository and tag or digest, `latest` by default: without one Docker would pull every tag of the repository. */
export function pullTarget(reference: string): { repository: string; tagOrDigest: string } {
  const [name = '', digest] = engineReference(reference).split('@');
  const repository = repositoryOf(name);
  return { repository, tagOrDigest: digest ?? (name.slice(repository.length + 1) || 'latest') };
}

/** The full name of what Docker shows in short: `busybox:1.35` is `docker.io/library/busybox:1.35` (distribution/reference normalize.go). */
export function fullName(familiar: string): string {
  const [first = '', ...rest] = familiar.split('/');
  if (rest.length === 0) return `docker.io/library/${familiar}`;
  return /[.:]/.test(first) || first === 'localhost' ? familiar : `docker.io/${familiar}`;
}

/** The last colon begins a tag, unless a slash follows: then it belongs to the registry's port. */
const repositoryOf = (name: string): string => name.replace(/:[^/:]*$/, '');
