import { expect } from 'vitest';
import type { RuntimeEvent } from '../../../src/domain/container-runtime/runtime-event.ts';
import type { RuntimeBed } from './runtime-bed.ts';

type Told = { action: 'connected' } | RuntimeEvent;

export function eventCases({ test, runtime, spec, start, labels, eventually, engineCli }: RuntimeBed): void {
  /** Runs `act` while the stream is read; returns what was told by the time `enough` is true. */
  const told = async (act: () => Promise<void>, enough: (events: readonly Told[]) => boolean): Promise<Told[]> => {
    const leave = new AbortController();
    const events: Told[] = [];
    const reading = (async () => {
      for await (const event of runtime().events(leave.signal)) events.push(event);
    })();
    try {
      await eventually('the stream is connected', async () => (events.length > 0 ? true : undefined));
      await act();
      await eventually('enough events', async () => (enough(events) ? true : undefined)).catch((error: unknown) => {
        throw new Error(`only ${JSON.stringify(events)}`, { cause: error });
      });
    } finally {
      leave.abort();
      await reading;
    }
    return events;
  };
  const actionsOf = (events: readonly Told[], id: string) =>
    events.flatMap((event) => ('containerId' in event && event.containerId === id ? [event.action] : []));

  test('the stream says that it is connected, and ends with the signal', async () => {
    expect(
      (
        await told(
          async () => {},
          () => true,
        )
      )[0],
    ).toEqual({ action: 'connected' });
  });

  test('the life of a container is told, with its labels', async () => {
    let id = '';
    const events = await told(
      async () => {
        id = await start(spec('sleep 600'));
        await runtime().containers.stop(id, 0);
        await runtime().containers.remove(id);
      },
      (seen) => actionsOf(seen, id).includes('removed'),
    );
    const actions = actionsOf(events, id);
    expect(actions).toEqual(expect.arrayContaining(['created', 'started', 'exited', 'removed']));
    expect(actions.indexOf('created')).toBeLessThan(actions.indexOf('started'));
    expect(events.find((event) => 'containerId' in event && event.containerId === id)).toMatchObject({ labels });
  });

  test('an exit by itself is told, with its code and time', async () => {
    let id = '';
    const before = new Date();
    const events = await told(
      async () => {
        id = await start(spec('exit 5'));
      },
      (seen) => actionsOf(seen, id).includes('exited'),
    );
    const exits = events.flatMap((event) => (event.action === 'exited' && event.containerId === id ? [event] : []));
    expect(exits[0]).toMatchObject({ exitCode: 5 });
    expect(exits[0]!.time.getTime()).toBeGreaterThan(before.getTime());
    expect(exits[0]!.time.getTime()).toBeLessThan(Date.now());
  });

  test('pausing and unpausing are told', async () => {
    const id = await start(spec('sleep 600'));
    const events = await told(
      async () => {
        await engineCli('pause', id);
        await engineCli('unpause', id);
      },
      (seen) => actionsOf(seen, id).includes('unpaused'),
    );
    expect(actionsOf(events, id)).toEqual(['paused', 'unpaused']);
  });

  test('what goes on inside a container is not told', async () => {
    const id = await start(spec('sleep 600'));
    const events = await told(
      async () => {
        await engineCli('exec', id, 'true');
        await runtime().containers.remove(id);
      },
      (seen) => actionsOf(seen, id).includes('removed'),
    );
    expect(actionsOf(events, id).filter((action) => !['exited', 'removed'].includes(action))).toEqual([]);
  });

  test('two readers hear the same', async () => {
    let id = '';
    const heard = (seen: readonly Told[]) => actionsOf(seen, id).includes('exited');
    await told(async () => {
      await told(async () => {
        id = await start(spec('true'));
      }, heard);
    }, heard);
  });

  test('a stream whose signal has fired already tells nothing', async () => {
    expect(await Array.fromAsync(runtime().events(AbortSignal.abort()))).toEqual([]);
  });
}
