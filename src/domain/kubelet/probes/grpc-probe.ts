import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { healthRequest, servingStatus } from './grpc-health.ts';
import type { ProbeResult } from './probe-result.ts';

/** An answer is 7 bytes. */
const mostAnswer = 1024;
const unimplemented = '12';

/** Asks `grpc.health.v1.Health/Check` without TLS; SERVING is success (kubernetes pkg/probe/grpc). */
export async function grpcProbe(port: number, service: string, ip: string, signal: AbortSignal): Promise<ProbeResult> {
  const address = `${ip}:${port}`;
  const session = connect(`http://${address}`);
  const abort = () => session.destroy(new Error('deadline exceeded'), constants.NGHTTP2_NO_ERROR);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await connected(session);
  } catch (error) {
    return { ok: false, message: `error: failed to connect service at "${address}": ${(error as Error).message}` };
  }
  try {
    return verdict(await check(session, service));
  } catch (error) {
    return { ok: false, message: `error: health rpc probe failed: ${(error as Error).message}` };
  } finally {
    signal.removeEventListener('abort', abort);
    session.destroy();
  }
}

function connected(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    session.once('connect', () => resolve());
    session.on('error', reject);
    session.once('close', () => reject(new Error('connection closed')));
  });
}

/** `headers` are those of the end, where gRPC has its status. */
type Answer = { headers: IncomingHttpHeaders; body: Buffer };

function check(session: ClientHttp2Session, service: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      'user-agent': 'kube-probe/1.35',
      te: 'trailers',
    });
    let headers: IncomingHttpHeaders = {};
    let body = Buffer.alloc(0);
    stream.on('response', (first) => (headers = { ...headers, ...first }));
    stream.on('trailers', (last) => (headers = { ...headers, ...last }));
    stream.on('data', (piece: Buffer) => {
      body = Buffer.concat([body, piece]);
      if (body.length > mostAnswer) stream.destroy(new Error('the answer is too long'));
    });
    stream.once('end', () => resolve({ headers, body }));
    stream.once('error', reject);
    stream.once('close', () => reject(new Error('the stream was closed')));
    stream.end(healthRequest(service));
  });
}

function verdict({ headers, body }: Answer): ProbeResult {
  const status = String(headers['grpc-status'] ?? '');
  const text = decodeURIComponentOr(String(headers['grpc-message'] ?? ''));
  if (status === unimplemented) {
    const message = `error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${text}`;
    return { ok: false, message };
  }
  if (status !== '0') {
    return { ok: false, message: `error: health rpc probe failed: code ${status || 'unknown'}: ${text}` };
  }
  const serving = servingStatus(body);
  if (serving === 'SERVING') return { ok: true };
  return { ok: false, message: `service unhealthy (responded with "${serving ?? 'an unknown message'}")` };
}

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
