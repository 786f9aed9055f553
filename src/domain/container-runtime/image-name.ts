/**
 * `nginx` → `docker.io/library/nginx:latest`, as Docker and containerd read it (github.com/distribution/reference). Podman would ask its own list of
 * registries, which is empty on Debian.
 */
export function fullImageName(reference: string): string {
  const [domain, rest] = splitDomain(reference);
  const repository = domain === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  return `${domain}/${repository}${/@|:[^/]*$/.test(rest) ? '' : ':latest'}`;
}

/** Registries on this machine are spoken to without TLS, as Docker does. */
export const isLocalRegistry = (fullName: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?\//.test(fullName);

/** `localhost:5000/a/b:1` is `a/b:1` at `localhost:5000`; a first part without dot and colon is a path on Docker Hub. */
export function splitDomain(reference: string): [domain: string, rest: string] {
  const slash = reference.indexOf('/');
  const first = reference.slice(0, Math.max(slash, 0));
  const isDomain = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  if (!isDomain) return ['docker.io', reference];
  return [first === 'index.docker.io' ? 'docker.io' : first, reference.slice(slash + 1)];
}
