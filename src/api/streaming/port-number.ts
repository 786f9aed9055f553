import { badRequest } from '../../domain/meta/status-error.ts';

/** Of text as clients write it in headers and queries; throws 400 for what is none (kubelet/pkg/cri/streaming/portforward). */
export function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(port) || port > 65_535) throw badRequest(`unable to parse ${JSON.stringify(text)} as a port`);
  if (port === 0) throw badRequest(`port ${JSON.stringify(text)} must be > 0`);
  return port;
}
