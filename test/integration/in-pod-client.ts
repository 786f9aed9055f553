import { engineCli } from './engine-cli.ts';
import type { TestEngine } from './engines.ts';

/** A body makes it JSON. */
export type Question = { method: string; path: string; body?: object };
export type Answer = { status: number; message: string };

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Trusts nobody but the mounted authority; asks one after the other. */
const CLIENT = `
const { readFileSync } = require('node:fs');
const { request } = require('node:https');
const read = (name) => readFileSync('${FOLDER}/' + name, 'utf8');
const agent = new (require('node:https').Agent)({ keepAlive: true, ca: read('ca.crt') });
const headers = { authorization: 'Bearer ' + read('token'), 'content-type': 'application/json' };
const ask = ({ method, path, body }) => new Promise((resolve, reject) => {
  const sent = request('https://kubernetes.default.svc' + path, { method, headers, agent, timeout: 20000 }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => {
      let message = '';
      try { message = JSON.parse(text).message ?? ''; } catch {}
      resolve({ status: answer.statusCode, message });
    });
  });
  sent.on('error', reject).on('timeout', () => sent.destroy(new Error('no answer to ' + path)));
  sent.end(body && JSON.stringify(body));
});
(async () => {
  const answers = [];
  for (const question of JSON.parse(process.argv[1])) answers.push(await ask(question));
  console.log(JSON.stringify(answers));
  process.exit();
})();`;

/** What the API says to a container with Node that knows no more than what is mounted into it: its token, and whom to trust. */
export async function askFromInside(
  engine: TestEngine,
  containerId: string,
  questions: readonly Question[],
): Promise<Answer[]> {
  const words = ['exec', containerId, 'node', '-e', CLIENT, JSON.stringify(questions)];
  return JSON.parse(await engineCli(engine, ...words)) as Answer[];
}
