import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { administratorKubeconfig, userKubeconfig } from '../../cli/kubeconfig.ts';
import { readConfig } from '../../config.ts';
import type { Clock } from '../../domain/meta/clock.ts';
import { openAccess, type Access } from './access.ts';
import { peerCertificate } from './authenticate.ts';
import { issueCredential } from './kept-credential.ts';
import { openCertificateAuthority, type WriteFile } from './certificate-authority.ts';
import { pkiFiles } from './pki-files.ts';

let dataPath: string;
let stop: AbortController;

beforeEach(async () => {
  dataPath = await mkdtemp(join(tmpdir(), 'k2d-access-'));
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await rm(dataPath, { recursive: true });
});

const write: WriteFile = async (path, content, mode) => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, content, { mode });
};
const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const systemClock: Clock = { now: () => new Date() };
const at = (iso: string): Clock => ({ now: () => new Date(iso) });
const exists = {
  serviceAccountExists: () => true,
  podExists: () => true,
  secretExists: () => true,
  secretToken: () => undefined,
};

const open = (clock = systemClock): Promise<Access> =>
  openAccess(
    {
      dataPath,
      kubeconfigPath: join(dataPath, 'kubeconfig'),
      instance: 'k2d',
      port: 6443,
      hostname: 'device-1',
      serviceAddress: '10.43.0.1',
      bindings: exists,
      clock,
      write,
      logger,
    },
    stop.signal,
  );

type Kubeconfig = {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string; 'tls-server-name'?: string } }];
  users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
};

const decoded = (base64: string) => Buffer.from(base64, 'base64').toString();

async function kubeconfig(): Promise<{ ca: string; cert: string; key: string }> {
  const { clusters, users } = parse(await readFile(join(dataPath, 'kubeconfig'), 'utf8')) as Kubeconfig;
  return {
    ca: decoded(clusters[0].cluster['certificate-authority-data']),
    cert: decoded(users[0].user['client-certificate-data']),
    key: decoded(users[0].user['client-key-data']),
  };
}

/** Answers the user's name, or 401. */
async function serve(access: Access): Promise<{ port: number; close: () => void }> {
  const server = createServer({ ...access.tls }, (incoming, reply) => {
    const user = access.authenticate({
      peerCertificate: peerCertificate(incoming.socket as TLSSocket),
      authorizationHeader: incoming.headers.authorization,
    });
    reply.writeHead(user ? 200 : 401).end(user ? `${user.name} ${user.groups.join()}` : '');
  });
  access.cover(server);
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

function get(options: RequestOptions): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent: false, ...options }, (reply) => {
      let body = '';
      reply.on('data', (chunk: Buffer) => (body += chunk.toString()));
      reply.on('end', () => resolve({ status: reply.statusCode, body }));
    });
    sent.on('error', reject).end();
  });
}

test('the kubeconfig opens the door; nobody else passes', async () => {
  const access = await open();
  const { ca, cert, key } = await kubeconfig();
  const { port, close } = await serve(access);
  const host = '127.0.0.1';
  try {
    const admin = await get({ host, port, ca, cert, key });
    expect(admin).toEqual({ status: 200, body: 'kubernetes-admin system:masters,system:authenticated' });
    expect(await get({ host, port, ca })).toMatchObject({ status: 401 });
    expect(await get({ host, port, ca, headers: { authorization: 'Bearer x' } })).toMatchObject({ status: 401 });

    const { token } = access.tokens.issue({
      namespace: 'default',
      serviceAccount: { name: 'default', uid: '1' },
      expirationSeconds: 600,
    });
    const headers = { authorization: `Bearer ${token}` };
    const pod = await get({ host, port, ca, headers });
    expect(pod.body).toMatch(/^system:serviceaccount:default:default /);

    const foreign = await leafOf('foreign', 1);
    expect(await get({ host, port, ca, ...foreign })).toMatchObject({ status: 401 });
    expect(await get({ host, port, ca, ...foreign, headers }), 'Kubernetes tries both').toMatchObject({ status: 200 });
    const ended = await leafOf('pki', -40);
    expect(await get({ host, port, ca, ...ended })).toMatchObject({ status: 401 });
    const [server] = (await readFile(pkiFiles(dataPath).server, 'utf8')).split(/(?=-----BEGIN PRIVATE)/);
    const serverKey = (await readFile(pkiFiles(dataPath).server, 'utf8')).slice(server!.length);
    expect(await get({ host, port, ca, cert: server!, key: serverKey })).toMatchObject({ status: 401 });
  } finally {
    close();
  }
});

/** A client certificate that says system:masters, of the authority in the folder. */
async function leafOf(folder: string, years: number) {
  const paths = { authority: join(dataPath, folder, 'ca.crt'), authorityKey: join(dataPath, folder, 'ca.key') };
  const authority = await openCertificateAuthority(paths, 'k2d', systemClock, write);
  const request = {
    subject: { commonName: 'eve', organizations: ['system:masters'] },
    usage: 'client',
    years,
  } as const;
  const file = join(dataPath, 'leaf.pem');
  const { certificate: cert, key } = await issueCredential(file, request, {
    authority,
    write,
    clock: systemClock,
    logger,
  });
  return { cert, key };
}

test('a resumed TLS session without a certificate is nobody, though OpenSSL calls it authorized', async () => {
  const { port, close } = await serve(await open());
  const { ca } = await kubeconfig();
  const ask = (session?: Buffer): Promise<{ answer: string; ticket: Buffer }> =>
    new Promise((resolve, reject) => {
      let ticket: Buffer | undefined;
      let answer = '';
      const socket = connect({ host: '127.0.0.1', port, ca, ...(session ? { session } : {}) });
      socket.on('session', (s: Buffer) => (ticket = s));
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      socket.on('end', () => {
        expect(socket.isSessionReused()).toBe(session !== undefined);
        resolve({ answer, ticket: ticket! });
      });
      socket.on('error', reject);
      socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    });
  try {
    const first = await ask();
    expect(first.answer).toMatch(/^HTTP\/1.1 401/);
    expect((await ask(first.ticket)).answer).toMatch(/^HTTP\/1.1 401/);
  } finally {
    close();
  }
});

test('the first client at an address that the host got later finds a certificate for it', async () => {
  const { port, close } = await serve(await open());
  const { ca, cert, key } = await kubeconfig();
  const before = new X509Certificate(await readFile(pkiFiles(dataPath).server));
  try {
    expect(before.checkIP('127.0.0.9')).toBeUndefined();
    const both = ['127.0.0.9', '127.0.0.1'].map((host) => get({ host, port, ca, cert, key }));
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200]);
    const after = new X509Certificate(await readFile(pkiFiles(dataPath).server));
    expect(after.checkIP('127.0.0.9')).toBe('127.0.0.9');
    expect(after.checkHost('device-1')).toBe('device-1');
    expect(after.checkIP('10.43.0.1')).toBe('10.43.0.1');
  } finally {
    close();
  }
});

test('a second start keeps everything; keys and the kubeconfig are for root only', async () => {
  await open();
  const files = [...Object.values(pkiFiles(dataPath)).slice(1), join(dataPath, 'kubeconfig')];
  const first = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  await open();
  expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(first);
  const modes = await Promise.all(files.map(async (file) => (await stat(file)).mode & 0o777));
  expect(modes).toEqual([0o644, 0o600, 0o600, 0o600, 0o600, 0o600]);
});

test('a device whose clock starts at the epoch makes certificates that are good once it knows the time, and renews them in time', async () => {
  const epoch = await open(at('1970-01-01T00:01:00Z'));
  const first = await kubeconfig();
  const x509 = new X509Certificate(first.cert);
  const as = (access: Access) => access.authenticate({ peerCertificate: x509 })?.name;
  expect(as(epoch)).toBe('kubernetes-admin');
  expect(x509.validFromDate).toEqual(new Date(0));
  expect(x509.validToDate).toEqual(new Date('2027-01-01T00:00:00Z'));
  expect(as(await open(at('2026-08-01T00:00:00Z')))).toBe('kubernetes-admin');
  expect((await kubeconfig()).cert).toBe(first.cert);
  const later = await open(at('2026-10-01T00:00:00Z'));
  expect((await kubeconfig()).cert).not.toBe(first.cert);
  expect(as(later), 'copies of the old kubeconfig work on').toBe('kubernetes-admin');
  expect(as(await open(at('2027-01-02T00:00:00Z')))).toBeUndefined();
});

test('a power cut between the key and the certificate of the authority does no harm; a lost key is told', async () => {
  await open();
  const { authority, authorityKey } = pkiFiles(dataPath);
  const before = await kubeconfig();
  await rm(authority);
  const access = await open();
  const { cert, ca } = await kubeconfig();
  expect(cert).toBe(before.cert);
  expect(new X509Certificate(ca).publicKey.equals(new X509Certificate(before.ca).publicKey)).toBe(true);
  expect(access.authenticate({ peerCertificate: new X509Certificate(cert) })?.name).toBe('kubernetes-admin');
  await rm(authorityKey);
  await expect(open()).rejects.toThrow(/ca\.key is missing/);
});

test('k2d kubeconfig prints it for any way to the device', async () => {
  const config = readConfig({ K2D_DATA_PATH: dataPath });
  await expect(administratorKubeconfig(config)).rejects.toThrow(/has k2d been started/);
  await open();
  const cluster = async (host?: string) =>
    (parse(await administratorKubeconfig(config, host)) as Kubeconfig).clusters[0].cluster;
  expect(await cluster()).toMatchObject({ server: 'https://127.0.0.1:6443' });
  expect(await cluster('device-1')).not.toHaveProperty('tls-server-name');
  expect(await cluster('203.0.113.5')).toMatchObject({
    server: 'https://203.0.113.5:6443',
    'tls-server-name': 'kubernetes',
  });
  expect((await cluster('2001:db8::5')).server).toBe('https://[2001:db8::5]:6443');
});

test('an authority that an instance of another name made goes on signing under its own name', async () => {
  const files = pkiFiles(dataPath);
  const made = await openCertificateAuthority(files, 'old', systemClock, write);
  const opened = await openCertificateAuthority(files, 'new', systemClock, write);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const request = { subject: { commonName: 'anna' }, publicKey, usage: 'client', years: 1 } as const;
  const x509 = new X509Certificate(await opened.issue(request));
  expect(x509.checkIssued(made.x509)).toBe(true);
});

test('a named user has a certificate with groups and an end, which nothing keeps', async () => {
  await open();
  const config = readConfig({ K2D_DATA_PATH: dataPath });
  const before = (await readdir(join(dataPath, 'pki'))).toSorted();
  const user = { user: 'anna', groups: ['ops', 'night'], lifetimeMs: 3600_000 };
  const { users, clusters } = parse(await userKubeconfig(config, user, 'device.example')) as {
    users: [{ name: string; user: Record<string, string> }];
    clusters: [{ cluster: Record<string, string> }];
  };
  const x509 = new X509Certificate(Buffer.from(users[0].user['client-certificate-data']!, 'base64'));
  expect(x509.subject.split('\n').toSorted()).toEqual(['CN=anna', 'O=night', 'O=ops']);
  expect(x509.validToDate.getTime() - Date.now()).toBeLessThan(3600_001);
  expect(clusters[0].cluster).toMatchObject({ server: 'https://device.example:6443', 'tls-server-name': 'kubernetes' });
  expect((await readdir(join(dataPath, 'pki'))).toSorted()).toEqual(before);
});
