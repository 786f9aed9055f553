import { getCACertificates, setDefaultCACertificates } from 'node:tls';

let trusted = false;

/**
 * Has TLS clients that name no authority trust those of Node, and of NODE_EXTRA_CA_CERTS, from now on. That is what Node does by itself from the first
 * server or client on, with 1.8 MB of parsed certificates; `scripts/image/k2d` turns it off, since most devices never ask anybody whom they would vouch for.
 */
export function trustPublicAuthorities(): void {
  if (trusted) return;
  setDefaultCACertificates([...getCACertificates('bundled'), ...getCACertificates('extra')]);
  trusted = true;
}
