import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import { roomIn } from './room-in.ts';

/** Go's client gives up after a minute without a word; while its input waits, its own pings are not read. */
const wordInterval = 20_000;

/** Of a WebSocket: nothing is read from it until there is room in all streams that it is held for. What has been read already still comes. */
export function inputHolder(socket: WebSocket): (full: Writable) => void {
  const waiting = new Set<Writable>();
  let words: NodeJS.Timeout | undefined;
  return (full) => {
    if (waiting.has(full)) return;
    if (waiting.size === 0) {
      socket.pause();
      words = setInterval(() => socket.pong(), wordInterval);
    }
    waiting.add(full);
    void roomIn(full).then(() => {
      waiting.delete(full);
      if (waiting.size > 0) return;
      clearInterval(words);
      socket.resume();
    });
  };
}
