import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import type { UserInfo } from '../domain/meta/user-info.ts';
import type { RequestInfo } from './request-info.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when the request has been authenticated, before anything else is done with it. */
    info: RequestInfo;
    user: UserInfo;
    parameters: URLSearchParams;
    /** Milliseconds that the client grants; undefined is no bound of its own. */
    timeout: number | undefined;
    /** Set when the request has been found to be for something that is served. */
    isServed: boolean;
  }
}

/** Fastify on TLS. */
export type App = FastifyInstance<Server, IncomingMessage, ServerResponse>;
export type Request = FastifyRequest<RouteGenericInterface, Server, IncomingMessage>;
export type Reply = FastifyReply<RouteGenericInterface, Server, IncomingMessage, ServerResponse>;
