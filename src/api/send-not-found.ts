import type { Reply } from './app.ts';

/** What Go's mux says of paths that nothing serves. */
export async function sendNotFound(reply: Reply): Promise<void> {
  await reply
    .code(404)
    .header('x-content-type-options', 'nosniff')
    .type('text/plain; charset=utf-8')
    .send('404 page not found\n');
}
