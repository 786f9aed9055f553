import type { Reply } from '../../../api/api-test-bed.ts';

/** Success, or a refusal that says what is wrong in Kubernetes' form; unknown paths answer in plain text as kube-apiserver does. */
export function problemOf({
  status,
  headers,
  body,
  text,
}: Pick<Reply, 'status' | 'headers' | 'body' | 'text'>): string | undefined {
  // Kubernetes' own answer to a version that is still to come.
  if (status >= 500 && !(status === 504 && body.reason === 'Timeout'))
    return `answered ${status}: ${text.slice(0, 300)}`;
  if (status < 400) return undefined;
  if (status === 404 && text.startsWith('404 page not found')) return undefined;
  if (headers['content-type'] === 'application/yaml')
    return text.includes('kind: Status') ? undefined : `no Status: ${text.slice(0, 300)}`;
  const { kind, apiVersion, code, reason, message } = body as Record<string, unknown>;
  const isStatus =
    kind === 'Status' &&
    apiVersion === 'v1' &&
    body.status === 'Failure' &&
    code === status &&
    typeof reason === 'string' &&
    typeof message === 'string' &&
    Array.isArray(body.details?.causes ?? []);
  return isStatus ? undefined : `no Status: ${text.slice(0, 300)}`;
}

/** Lines of a watch are events of objects, or an error and the end. */
export function problemOfLine(line: string): string | undefined {
  const { type, object } = JSON.parse(line) as { type: string; object: Record<string, unknown> };
  const isKnown = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'].includes(type);
  const isError = type !== 'ERROR' || (object['kind'] === 'Status' && typeof object['code'] === 'number');
  return isKnown && isError && typeof object['kind'] === 'string' ? undefined : `no event: ${line.slice(0, 300)}`;
}
