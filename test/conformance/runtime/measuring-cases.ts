import { expect } from 'vitest';
import type { RuntimeBed } from './runtime-bed.ts';

/** Of all that k2d asks of the engine through the port. */
export function measuringCases({ test, runtime, measured, spec, start }: RuntimeBed): void {
  const ofOperation = (operation: string) => measured.filter((each) => each.operation === operation);

  test('every call is told of with its time, and a refused one with the reason', async () => {
    const stopped = ofOperation('stop_container').length;
    const id = await start(spec('sleep 600'));
    await runtime().containers.stop(id, 0);
    expect(ofOperation('stop_container').slice(stopped)).toEqual([
      { operation: 'stop_container', seconds: expect.any(Number), code: undefined },
    ]);
    await expect(runtime().containers.start('no-such-container')).rejects.toThrow();
    expect(ofOperation('start_container').at(-1)).toMatchObject({ seconds: expect.any(Number), code: 'NotFound' });
  });

  test('logs are counted when they have ended, without a time', async () => {
    const lines = runtime().containers.logs('no-such-container', { follow: true }, AbortSignal.timeout(30_000));
    await expect(Array.fromAsync(lines)).rejects.toThrow();
    expect(ofOperation('container_logs').at(-1)).toEqual({
      operation: 'container_logs',
      seconds: undefined,
      code: 'NotFound',
    });
  });
}
