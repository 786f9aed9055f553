import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';

type Options = {
  credentials?: { username: string; password: string };
  silent?: true;
  /** Programs of this machine that the image holds below /bin; they need no libraries. */
  programs?: readonly string[];
};
type Blob = { type: string; body: Buffer; digest: string };

/**
 * A container registry on localhost (OCI distribution 1.1, pull only) that holds one small image under every repository name,
 * tag `1`. `silent` accepts requests and never answers.
 */
export async function oneImageRegistry(options: Options) {
  const image = smallImage(await archive(options.programs ?? []));
  const server = createServer((request, response) => {
    if (options.silent) return;
    if (isAllowed(request, options.credentials)) serve(request, response, image);
    else challenge(response);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    server: `localhost:${(server.address() as AddressInfo).port}`,
    digest: image.manifest.digest,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(request: IncomingMessage, response: ServerResponse, { manifest, blobs }: ReturnType<typeof smallImage>) {
  const [, kind, wanted = ''] = /\/(manifests|blobs)\/([^/]+)$/.exec(request.url ?? '') ?? [];
  if (!kind) response.end('{}');
  else if (kind === 'blobs')
    send(
      request,
      response,
      blobs.find(({ digest }) => digest === wanted),
    );
  else send(request, response, wanted === '1' || wanted === manifest.digest ? manifest : undefined);
}

function send(request: IncomingMessage, response: ServerResponse, found: Blob | undefined): void {
  if (!found) {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] }));
    return;
  }
  const { type, body, digest } = found;
  response.writeHead(200, { 'content-type': type, 'content-length': body.length, 'docker-content-digest': digest });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const isAllowed = (request: IncomingMessage, credentials: Options['credentials']) =>
  !credentials || request.headers.authorization === `Basic ${btoa(`${credentials.username}:${credentials.password}`)}`;

const challenge = (response: ServerResponse) =>
  response
    .writeHead(401, { 'www-authenticate': 'Basic realm="test"', 'content-type': 'application/json' })
    .end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }));

/** One layer; the creation date makes every image another one. */
function smallImage(tar: Buffer) {
  const layer = blob('application/vnd.docker.image.rootfs.diff.tar.gzip', gzipSync(tar));
  const config = blob('application/vnd.docker.container.image.v1+json', {
    architecture: { x64: 'amd64', arm64: 'arm64', arm: 'arm' }[process.arch as 'x64'],
    os: 'linux',
    config: { Cmd: ['/nothing'], Labels: { run: randomBytes(4).toString('hex') } },
    rootfs: { type: 'layers', diff_ids: [sha256(tar)] },
    history: [{ created: new Date().toISOString(), created_by: 'test' }],
  });
  const describe = ({ type, body, digest }: Blob) => ({ mediaType: type, size: body.length, digest });
  const manifest = blob('application/vnd.docker.distribution.manifest.v2+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: describe(config),
    layers: [describe(layer)],
  });
  return { manifest, blobs: [layer, config] };
}

/** A tar archive (POSIX ustar) of the programs. */
async function archive(programs: readonly string[]): Promise<Buffer> {
  const entries = await Promise.all(
    programs.map(async (path) => {
      const content = await readFile(path);
      const header = Buffer.alloc(512);
      const octal = (value: number, at: number, length: number) =>
        header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at);
      header.write(`bin/${basename(path)}`, 0);
      octal(0o755, 100, 8);
      octal(0, 108, 8);
      octal(0, 116, 8);
      octal(content.length, 124, 12);
      octal(0, 136, 12);
      header.write('        0', 148);
      header.write('ustar\x0000', 257);
      octal(
        header.reduce((sum, byte) => sum + byte, 0),
        148,
        8,
      );
      return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
    }),
  );
  return Buffer.concat([...entries, Buffer.alloc(1024)]);
}

const sha256 = (data: Buffer) => `sha256:${createHash('sha256').update(data).digest('hex')}`;

function blob(type: string, content: Buffer | object): Blob {
  const body = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  return { type, body, digest: sha256(body) };
}
