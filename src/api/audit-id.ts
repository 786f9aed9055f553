import { randomUUID } from 'node:crypto';

/** What the header of a request may hold; anything longer or stranger is not worth logging. */
const given = /^[\x21-\x7e]{1,64}$/;

/** Names the request in answer and log: the client's own name for it, or a new one (apiserver pkg/endpoints/filters/audit_init.go). */
export const auditId = (header: string | string[] | undefined): string =>
  typeof header === 'string' && given.test(header) ? header : randomUUID();
