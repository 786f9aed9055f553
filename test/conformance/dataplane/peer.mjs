import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

/**
 * One end of a conversation, started inside a network namespace by `nsenter`.
 * `serve NAME ADDRESS PORT` answers `NAME CLIENT` over TCP and UDP; `ask tcp|udp ADDRESS PORT TIMES` prints what came back, each on a line;
 * `keep ADDRESS PORT` sends a datagram for every line of its input from one and the same socket, and prints each answer.
 */
const [, , verb, ...args] = process.argv;
const PATIENCE_MS = 8000;

if (verb === 'serve') serve(args[0], args[1], Number(args[2]));
else if (verb === 'ask') await ask(args[0] === 'tcp' ? askTcp : askUdp, args[1], Number(args[2]), Number(args[3]));
else keep(args[0], Number(args[1]));

function serve(name, address, port) {
  const tcp = createServer((socket) => socket.on('error', () => undefined).end(`${name} ${socket.remoteAddress}`));
  const udp = createSocket('udp4').on('message', (_, from) =>
    udp.send(`${name} ${from.address}`, from.port, from.address),
  );
  tcp.listen(port, address, () => udp.bind(port, address, () => console.log('ready')));
}

async function ask(once, address, port, times) {
  for (let i = 0; i < times; i += 1) console.log(await once(address, port));
}

function askTcp(address, port) {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: address, port, timeout: PATIENCE_MS });
    socket.on('data', (chunk) => (text += chunk));
    socket.on('timeout', () => socket.destroy(Object.assign(new Error(), { code: 'silence' })));
    socket.on('error', (error) => resolve(error.code));
    socket.on('close', () => resolve(text));
  });
}

function askUdp(address, port) {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const done = (text) => (clearTimeout(timer), socket.close(), resolve(text));
    const timer = setTimeout(() => done('silence'), PATIENCE_MS);
    socket.on('message', (message) => done(message.toString())).on('error', (error) => done(error.code));
    socket.connect(port, address, () => socket.send('?'));
  });
}

function keep(address, port) {
  const socket = createSocket('udp4').on('message', (message) => console.log(message.toString()));
  process.stdin.on('data', () => socket.send('?', port, address)).on('end', () => socket.close());
}
