import type { WebSocket } from 'ws';

/** Go's client gives up after a minute without a word; while its input waits, its own pings are not read. */
const wordInterval = 20_000;

/** Of a WebSocket: nothing is read from it until everything that it is to wait for has happened. */
export function inputHolder(socket: WebSocket): (room: Promise<void>) => Promise<void> {
  let held = 0;
  return async (room) => {
    if (held === 0) socket.pause();
    held += 1;
    const words = setInterval(() => socket.pong(), wordInterval);
    await room;
    clearInterval(words);
    held -= 1;
    if (held === 0) socket.resume();
  };
}
