import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { signCertificate, type CertificateFields } from '../../api/auth/x509.ts';

export type ReviewRequest = Record<string, unknown> & { uid: string; object: { data?: Record<string, string> } };

/** What to answer at a path: fields of the response, or an HTTP answer of another kind; `never` leaves the client waiting. */
type Answer = { status: number; text: string } | Record<string, unknown> | 'never';

export type WebhookServer = {
  port: number;
  /** Base64 of the authority's PEM, for `clientConfig.caBundle`. */
  caBundle: string;
  asked: { path: string; request: ReviewRequest }[];
  close(): Promise<void>;
};

const lifetime = { notBefore: new Date(0), notAfter: new Date('2099-01-01') };

/** A certificate for this machine and a Service's name, and who signed it. */
async function credentials(serviceName: string): Promise<{ ca: string; cert: string; key: string }> {
  const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const authority = keyPair();
  const server = keyPair();
  const signer = { subject: { commonName: 'hook-ca' }, ...authority };
  const issue = (fields: Omit<CertificateFields, keyof typeof lifetime>) =>
    signCertificate({ ...fields, ...lifetime }, signer);
  return {
    ca: await issue({ subject: signer.subject, publicKey: authority.publicKey, usage: 'authority' }),
    cert: await issue({
      subject: { commonName: 'hook' },
      publicKey: createPublicKey(server.privateKey),
      usage: 'server',
      names: [serviceName],
      addresses: ['127.0.0.1'],
    }),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** A real webhook on a real TLS socket, for tests; `answers` by path. */
export async function startWebhookServer(
  answers: Readonly<Record<string, (request: ReviewRequest) => Answer>>,
  serviceName = 'hook.default.svc',
): Promise<WebhookServer> {
  const { ca, cert, key } = await credentials(serviceName);
  const asked: WebhookServer['asked'] = [];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const path = new URL(incoming.url ?? '/', 'https://hook').pathname;
    const { request } = JSON.parse((await incoming.setEncoding('utf8').toArray()).join('')) as {
      request: ReviewRequest;
    };
    asked.push({ path, request });
    const given = answers[path]?.(request) ?? { status: 404, text: 'not found' };
    if (given === 'never') return;
    if ('text' in given) {
      outgoing.writeHead(Number(given.status)).end(given.text);
      return;
    }
    const response = { uid: request.uid, ...given };
    outgoing.end(JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response }));
  };
  const server = createServer({ cert, key }, (incoming, outgoing) => void answer(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    caBundle: Buffer.from(ca).toString('base64'),
    asked,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
