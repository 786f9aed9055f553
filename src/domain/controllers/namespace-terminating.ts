import { StatusError } from '../meta/status-error.ts';

/** Nothing can be made in such a namespace any more, so trying again is no use (api/core/v1 NamespaceTerminatingCause). */
export const isNamespaceTerminating = (error: unknown): boolean =>
  error instanceof StatusError &&
  (error.status.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');
