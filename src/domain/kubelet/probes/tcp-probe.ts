import { Socket } from 'node:net';
import type { ProbeResult } from './probe-result.ts';

/** Success is that somebody takes the connection (kubernetes pkg/probe/tcp). */
export function tcpProbe(port: number, host: string, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = new Socket({ signal }).connect({ host, port });
    const end = (result: ProbeResult) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end({ ok: true }));
    socket.once('error', (error) => end({ ok: false, message: `dial tcp ${host}:${port}: ${error.message}` }));
  });
}
