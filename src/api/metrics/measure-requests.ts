import type { App, Reply, Request } from '../app.ts';
import type { RequestMetrics } from './request-metrics.ts';

/**
 * Counts every answer when it has ended or its client has gone, which Fastify's own hook for ended responses does not hear of. What comes
 * back is to be called for one that lasts as long as its client likes.
 */
export function measureRequests(app: App, requests: RequestMetrics): (reply: Reply) => void {
  const lasting = new WeakSet<Request>();
  app.addHook('onRequest', async (request, reply) => {
    const start = performance.now();
    reply.raw.once('close', () => {
      const seconds = (performance.now() - start) / 1000;
      requests.observe(request, reply.raw.statusCode, lasting.has(request) ? undefined : seconds);
    });
  });
  return (reply) => {
    lasting.add(reply.request);
    reply.raw.once('close', requests.longRunning(reply.request));
  };
}
