import type { App, Reply } from './app.ts';
import { healthReport, type HealthCheck } from './health.ts';
import { sendNotFound } from './send-not-found.ts';

export type HealthChecks = { livez: readonly HealthCheck[]; readyz: readonly HealthCheck[] };

/** Whether k2d lives and whether it serves; `/healthz` is the older name of the former. `/readyz/NAME` asks for one check. */
export function addHealthRoutes(app: App, { livez, readyz }: HealthChecks): void {
  const endpoints = { livez, readyz, healthz: livez };
  for (const [endpoint, checks] of Object.entries(endpoints)) {
    app.get(`/${endpoint}`, { exposeHeadRoute: true }, (request, reply) =>
      sendReport(reply, healthReport(endpoint, checks, request.parameters)),
    );
    app.get<{ Params: { name: string } }>(`/${endpoint}/:name`, { exposeHeadRoute: true }, (request, reply) => {
      const check = checks.filter(({ name }) => name === request.params.name);
      return check.length === 0
        ? sendNotFound(reply)
        : sendReport(reply, healthReport(endpoint, check, new URLSearchParams()));
    });
  }
}

async function sendReport(reply: Reply, { healthy, text }: ReturnType<typeof healthReport>): Promise<void> {
  await reply
    .code(healthy ? 200 : 500)
    .header('x-content-type-options', 'nosniff')
    .type('text/plain; charset=utf-8')
    .send(text);
}
