import type { Logger } from '../domain/meta/logger.ts';
import { methodNotAllowed } from '../domain/meta/status-error.ts';
import { nodes } from '../domain/resources/node.ts';
import type { ResourceCatalog } from '../domain/resources/resource-catalog.ts';
import { authorizeVerb } from './admit-request.ts';
import type { App, Reply, Request } from './app.ts';
import { locator, type Target } from './locate.ts';
import { presentation } from './presentation.ts';
import { negotiate } from './representation.ts';
import { withinTimeout } from './request-deadline.ts';
import { sendAnswer } from './send-answer.ts';
import { sendNotFound } from './send-not-found.ts';
import { negotiated } from './streaming/negotiate.ts';
import type { Call, VerbContext } from './verb.ts';
import { Warnings } from './warning-header.ts';
import { whileServed } from './while-served.ts';

export type ResourceRoutes = VerbContext & {
  catalog: ResourceCatalog;
  /** Aborted when the client of this reply is gone or the server stops. */
  closedSignal: (reply: Reply) => AbortSignal;
  logger: Logger;
};

/** All resources of the catalog, below /api and /apis. */
export function addResourceRoutes(app: App, context: ResourceRoutes): void {
  const locate = locator(context.catalog);
  const serveResource = async (request: Request, reply: Reply): Promise<void> => {
    if (!request.info.isResource) return sendNotFound(reply);
    const target = locate(request.info);
    if (target === undefined) return sendNotFound(reply);
    request.isServed = true;
    if (readingVerbs.has(request.info.verb) && request.method !== 'GET' && !target.isPassedOn) throw methodNotAllowed();
    try {
      await serve(context, target, request, reply);
    } catch (error) {
      if (!reply.sent) throw error;
      context.logger.warn({ error, path: request.info.path }, 'a reply broke off');
    }
  };
  for (const url of ['/api/*', '/apis/*']) {
    app.route({ method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], url, handler: serveResource });
  }
}

/** HEAD is none of Kubernetes' methods, though authorization takes it for GET. */
const readingVerbs = new Set(['get', 'list', 'watch']);

async function serve(context: ResourceRoutes, target: Target, request: Request, reply: Reply): Promise<void> {
  const { definition, verb, isPassedOn } = target;
  const { info, user, parameters: query } = request;
  const warnings = new Warnings();
  if (definition.deprecation !== undefined) warnings.add(definition.deprecation);
  const source = {
    definition,
    representation: negotiate(isPassedOn ? undefined : request.headers.accept, definition.columns.length > 0),
    query,
    clock: context.clock,
  };
  const call: Call = {
    definition,
    key: { namespace: definition.scope === 'Cluster' ? '' : info.namespace, name: info.name },
    method: request.method,
    path: info.subpath ?? '',
    user,
    userAgent: request.headers['user-agent'] ?? '',
    requireVerb: (needed) => authorizeVerb(context.authorizer, request, needed),
    query,
    body: bodyOf(request),
    presentation: presentation(source),
    warn: warnings.add,
    requireUpgrade: (spoken) => negotiated(request.raw, spoken),
    closed: () => whileServed(context.catalog, definition, context.closedSignal(reply)),
  };
  if (definition === nodes && readingVerbs.has(info.verb)) await context.kubelet.refreshNode();
  const answer = await withinTimeout(request.timeout, Promise.resolve(verb(context, call)));
  if (warnings.headers.length > 0) reply.header('warning', warnings.headers);
  await sendAnswer(reply, answer, call.presentation);
}

const bodyOf = ({ body, headers }: Request): Call['body'] => ({
  bytes: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  contentType: headers['content-type'] ?? '',
});
