import { EvaluationError } from './cel-error.ts';
import { declare, type Declaration } from './function-table.ts';
import { mapOf } from './map-value.ts';
import { ListValue, Opaque, type Value } from './value.ts';

type Link = { scheme: string; host: string; path: string; query: string };
type LinkValue = Opaque<Link>;

/** As Go's url.ParseRequestURI divides: an absolute address or an absolute path, with nothing mended. */
const absolute =
  /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):(?:\/\/(?:[^/?#@]*@)?((?:\[[0-9a-fA-F:.%]+\]|[^/?#:@[\]\s]*)(?::\d*)?))?)?(\/[^?#]*|(?=\?|$))(?:\?(.*))?$/;

const maxLength = 10_000;

function parse(text: string): Link | undefined {
  const [all, scheme = '', host = '', path = '', query = ''] =
    text.length > maxLength || /[\p{Cc} ]/u.test(text) ? [] : (absolute.exec(text) ?? []);
  if (all === undefined || all === '' || (scheme === '' && !path.startsWith('/'))) return undefined;
  return /%(?![0-9a-fA-F]{2})/.test(path) ? undefined : { scheme, host, path, query };
}

function toUrl(text: string): Value {
  const link = parse(text);
  if (!link)
    throw new EvaluationError(
      `URL parse error during conversion from string: parse ${JSON.stringify(text.slice(0, 200))}: invalid URI for request`,
    );
  return new Opaque('kubernetes.URL', link, text);
}

const hostname = (host: string): string => host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
const port = (host: string): string => /:(\d*)$/.exec(host)?.[1] ?? '';

function queryOf({ query }: Link): Value {
  const byName = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) byName.set(name, [...(byName.get(name) ?? []), value]);
  return mapOf([...byName].map(([name, values]) => [name, ListValue.of(values)]));
}

const escapedPath = (path: string): string =>
  path.replaceAll(/[^\x21-\x7e]|["<>^`{|}\\]/gu, (one) => encodeURIComponent(one));

/** apiserver pkg/cel/library/urls.go */
export const urlsLibrary = (): readonly Declaration[] => [
  declare('url(string): kubernetes.URL', toUrl),
  declare('isURL(string): bool', (text: string) => parse(text) !== undefined),
  declare('kubernetes.URL -> getScheme(): string', ({ content }: LinkValue) => content.scheme.toLowerCase()),
  declare('kubernetes.URL -> getHost(): string', ({ content }: LinkValue) => content.host),
  declare('kubernetes.URL -> getHostname(): string', ({ content }: LinkValue) => hostname(content.host)),
  declare('kubernetes.URL -> getPort(): string', ({ content }: LinkValue) => port(content.host)),
  declare('kubernetes.URL -> getEscapedPath(): string', ({ content }: LinkValue) => escapedPath(content.path)),
  declare('kubernetes.URL -> getQuery(): map<string, list<string>>', ({ content }: LinkValue) => queryOf(content)),
];
