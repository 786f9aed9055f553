import { badRequest } from '../../domain/meta/status-error.ts';

/** What a path says of whom to connect to: `web`, `web:8080`, `https:web:8443`. */
export type ProxiedName = { protocol: 'http:' | 'https:'; name: string; port: string };

/** Throws 400 (apimachinery pkg/util/net/port_split.go SplitSchemeNamePort); `what` is for the message. */
export function proxiedName(text: string, what: string): ProxiedName {
  const parts = text.split(':');
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  const isValid = parts.length <= 3 && name !== '' && ['', 'http', 'https'].includes(scheme);
  if (!isValid) throw badRequest(`invalid ${what} request ${JSON.stringify(text)}`);
  return { protocol: scheme === 'https' ? 'https:' : 'http:', name, port };
}
