import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';

/** Counts the containers that anybody starts on the engine, from now until `end`. */
export async function containerStarts(client: Dockerode): Promise<{ count: () => number; end: () => void }> {
  const events = (await client.getEvents({ filters: { type: ['container'], event: ['start'] } })) as Readable;
  let count = 0;
  createInterface(events).on('line', () => (count += 1));
  return { count: () => count, end: () => events.destroy() };
}
