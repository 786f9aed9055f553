import { request } from 'node:https';
import { readFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { readCredential } from '../api/auth/kept-credential.ts';
import { pkiFiles } from '../api/auth/pki-files.ts';
import { readBounded } from '../webhook/read-bounded.ts';
import { neverStarted } from './never-started.ts';
import type { Config } from '../config.ts';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export type Answer = { status: number; text: string };

/** Asks the k2d that serves here, as its administrator. Throws when there is none, or none with this data path. */
export type AskApi = (path: string) => Promise<Answer>;

/** The way of every command to the running k2d: its port on this machine, and the credentials in the data path that only root may read. */
export async function apiOf(config: Pick<Config, 'dataPath' | 'port'>): Promise<AskApi> {
  const files = pkiFiles(config.dataPath);
  const ca = await readFile(files.authority, 'utf8').catch((cause: unknown) => {
    throw neverStarted(config, cause);
  });
  const credential = await readCredential(files.administrator, new X509Certificate(ca));
  if (!credential) throw new Error(`${files.administrator} is missing or broken; start k2d to make it`);
  const { certificate: cert, key } = credential;
  const fixed = { host: '127.0.0.1', port: config.port, servername: 'kubernetes', ca, cert, key, agent: false };
  return (path) =>
    new Promise((resolve, reject) => {
      const asked = request({ ...fixed, path, signal: AbortSignal.timeout(TIMEOUT_MS) }, (answer) => {
        readBounded(answer, MAX_ANSWER_BYTES).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject);
      });
      asked.on('error', reject);
      asked.end();
    });
}
