/**
 * What a request asks for, read from method and path alone: authorization needs it before routing, routing uses the same reading
 * (apiserver pkg/endpoints/request/requestinfo.go). Fields that do not apply are empty.
 */
export type RequestInfo = {
  path: string;
  /** False for paths that are no resource, such as /version; `verb` is then the method. */
  isResource: boolean;
  /** Also `watch` for the paths below /watch/, which were there before the query parameter; those may have a name. */
  verb: string;
  group: string;
  version: string;
  resource: string;
  subresource: string;
  /** What follows `proxy`, as it is written: for whom the request is passed on to. Undefined for all other requests. */
  subpath: string | undefined;
  namespace: string;
  name: string;
};

const verbOfMethod: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** After /namespaces/NAME these name no resource of the namespace but a part of the namespace itself. */
const namespaceSubresources: ReadonlySet<string | undefined> = new Set(['status', 'finalize']);

export function requestInfo(method: string, path: string, isWatch: boolean): RequestInfo {
  const parts = segments(path);
  const [group, version, ...rest] =
    parts[0] === 'api' ? ['', ...parts.slice(1)] : parts[0] === 'apis' ? parts.slice(1) : [];
  if (group === undefined || version === undefined || rest[0] === undefined) {
    return { ...nothing, path, verb: method.toLowerCase() };
  }
  const isOldWatch = rest[0] === 'watch' && rest[1] !== undefined;
  const { namespace, inside } = withoutNamespace(isOldWatch ? rest.slice(1) : rest);
  const [resource = '', name = '', ...below] = inside;
  const isProxy = below[0] === 'proxy';
  const info = {
    path,
    isResource: true,
    group,
    version,
    namespace,
    resource,
    name,
    subresource: isProxy ? 'proxy' : below.join('/'),
    subpath: isProxy ? afterSegments(path, parts.length - below.length + 1) : undefined,
  };
  return { ...info, verb: isOldWatch ? 'watch' : resourceVerb(verbOfMethod[method] ?? '', name, isWatch) };
}

const nothing: Omit<RequestInfo, 'path' | 'verb'> = {
  isResource: false,
  group: '',
  version: '',
  resource: '',
  subresource: '',
  subpath: undefined,
  namespace: '',
  name: '',
};

function withoutNamespace(parts: readonly string[]): { namespace: string; inside: readonly string[] } {
  if (parts[0] !== 'namespaces' || parts[1] === undefined) return { namespace: '', inside: parts };
  const isPartOfNamespace = parts.length <= 2 || namespaceSubresources.has(parts[2]);
  return { namespace: parts[1], inside: isPartOfNamespace ? parts : parts.slice(2) };
}

function resourceVerb(verb: string, name: string, isWatch: boolean): string {
  if (name !== '') return verb;
  if (verb === 'get') return isWatch ? 'watch' : 'list';
  return verb === 'delete' ? 'deletecollection' : verb;
}

const afterSegments = (path: string, count: number): string =>
  path.replace(new RegExp(`^/*[^/]*(?:/[^/]*){${count - 1}}`), '');

/** Throws URIError for percent signs that encode nothing. */
const segments = (path: string): string[] =>
  path
    .replace(/^\/+|\/+$/g, '')
    .split('/')
    .map(decodeURIComponent);
