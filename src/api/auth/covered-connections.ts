import type { Socket } from 'node:net';
import type { Server } from 'node:tls';
import type { ServerCertificate } from './server-certificate.ts';

type Accept = (this: Server, socket: Socket) => void;

/**
 * Holds a new connection back while the certificate does not cover the address that it came to, so that a host that got a new
 * address answers the first client there correctly. Nothing polls: the connection itself says which address matters.
 * Injecting connections by hand is what Node documents for the event 'connection' (net, tls, http).
 */
export function coverConnections(server: Server, certificate: ServerCertificate): void {
  const accept = server.rawListeners('connection') as Accept[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const { localAddress } = socket;
    const admit = () => accept.forEach((listener) => listener.call(server, socket));
    if (localAddress === undefined || certificate.serves(localAddress)) return admit();
    const ignore = () => undefined; // a client that goes away meanwhile is no error of ours
    socket.on('error', ignore);
    void certificate.renew(localAddress).then((renewed) => {
      socket.off('error', ignore);
      if (renewed) server.setSecureContext(certificate.secureContext);
      if (!socket.destroyed) admit();
    });
  });
}
