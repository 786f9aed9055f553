import { methodNotAllowed, methodNotSupported, notFound, resourceNotFound } from '../domain/meta/status-error.ts';
import { isReview } from '../domain/authorization/review.ts';
import { isCustomResource } from '../domain/resources/custom-resource.ts';
import type { ResourceCatalog } from '../domain/resources/resource-catalog.ts';
import { apiVersionOf, groupResource, type ResourceDefinition } from '../domain/resources/resource-definition.ts';
import { perCatalog } from './per-catalog.ts';
import type { RequestInfo } from './request-info.ts';
import { collectionVerbs, objectVerbs } from './resource-verbs.ts';
import { subresources } from './subresources/subresource-list.ts';
import type { Verb } from './verb.ts';
import { measuredVerbs } from './verbs/measured.ts';
import { answerOf } from './verbs/review.ts';

/** What serves a request. */
export type Target = {
  definition: ResourceDefinition;
  verb: Verb;
  /** Somebody else answers: neither method nor media type is for k2d to judge. */
  isPassedOn: boolean;
};

/** Undefined when nothing has this group version; throws 404 for other resources and 405 for other verbs. */
export type Locate = (info: RequestInfo) => Target | undefined;

/**
 * One table of resources instead of routes of their own: a Fastify route costs 30 kB (measured, Fastify 5.12, Node 22), and the path
 * has been read for authorization anyway.
 */
export function locator(catalog: ResourceCatalog): Locate {
  const paths = perCatalog(catalog, (served) => ({
    definitions: new Map(served.map((definition) => [pathOf(definition, definition.plural), definition])),
    groupVersions: new Set(served.map(apiVersionOf)),
  }));
  return (info) => {
    const { definitions, groupVersions } = paths();
    if (!groupVersions.has(apiVersionOf(info))) return undefined;
    const definition = definitions.get(pathOf(info, info.resource));
    if (definition === undefined || !isInScope(definition, info)) throw resourceNotFound();
    const verb = info.subresource === '' ? verbOf(definition, info) : subresourceVerb(definition, info);
    if (verb === undefined) throw withoutVerb(definition, info);
    return { definition, verb, isPassedOn: info.subpath !== undefined };
  };
}

const pathOf = (groupVersion: { group: string; version: string }, plural: string): string =>
  `${apiVersionOf(groupVersion)}/${plural}`;

/** A namespace is itself read as being inside of itself. */
const isInScope = ({ scope }: ResourceDefinition, { namespace, name }: RequestInfo): boolean =>
  scope === 'Cluster' ? namespace === '' || namespace === name : namespace !== '' || name === '';

/** Across all namespaces objects can only be read. */
const acrossNamespaces = new Set(['list', 'watch']);

function verbOf(definition: ResourceDefinition, { verb, namespace, name }: RequestInfo): Verb | undefined {
  if (definition.scope === 'Namespaced' && namespace === '' && !acrossNamespaces.has(verb)) return undefined;
  if (isReview(definition)) return verb === 'create' && name === '' ? answerOf(definition) : undefined;
  const verbs = verbsOf(definition, name === '' || verb === 'watch');
  return Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
}

function verbsOf({ isMeasured }: ResourceDefinition, isCollection: boolean): Readonly<Record<string, Verb>> {
  if (isMeasured) return measuredVerbs;
  return isCollection ? collectionVerbs : objectVerbs;
}

function subresourceVerb(definition: ResourceDefinition, info: RequestInfo): Verb | undefined {
  const { subresource: name, verb } = info;
  const subresource = subresources.find((known) => known.name === name && known.servedFor(definition));
  if (subresource === undefined) throw withoutSubresource(definition, info);
  return subresource.passesOn ?? Object.entries(subresource.verbs).find(([known]) => known === verb)?.[1];
}

// Custom resources are served by a handler of their own, with its own words (apiextensions-apiserver pkg/apiserver/customresource_handler.go).

const withoutVerb = (definition: ResourceDefinition, { verb }: RequestInfo) =>
  isCustomResource(definition) ? methodNotSupported(groupResource(definition), verb) : methodNotAllowed();

const withoutSubresource = (definition: ResourceDefinition, { name }: RequestInfo) =>
  isCustomResource(definition) ? notFound(groupResource(definition), name) : resourceNotFound();
