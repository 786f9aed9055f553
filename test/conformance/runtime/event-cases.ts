import { expect } from 'vitest';
import { RuntimeError } from '../../../src/domain/container-runtime/runtime-error.ts';
import type { RuntimeEvent } from '../../../src/domain/container-runtime/runtime-event.ts';
import type { RuntimeBed } from './runtime-bed.ts';

type Told = { action: 'connected' } | RuntimeEvent;

export function eventCases({ test, runtime, spec, start, labels, eventually, engineCli }: RuntimeBed): void {
  /** Runs `act` while the stream is read, until `enough` is true. `whole` is false when the engine ended the stream before. */
  const heard = async (act: () => Promise<void>, enough: (events: readonly Told[]) => boolean, since?: Date) => {
    const leave = new AbortController();
    const events: Told[] = [];
    let ended: unknown;
    const reading = (async () => {
      for await (const event of runtime().events(leave.signal, since)) events.push(event);
    })().catch((error: unknown) => void (ended = error));
    try {
      await eventually('the stream is connected', async () => (events.length > 0 || ended ? true : undefined));
      await act();
      await eventually('enough events', async () => (enough(events) || ended ? true : undefined)).catch(
        (error: unknown) => {
          throw new Error(`only ${JSON.stringify(events)}`, { cause: error });
        },
      );
    } finally {
      leave.abort();
      await reading;
    }
    if (ended && !(ended instanceof RuntimeError && ended.code === 'Unavailable')) {
      throw new Error('the stream of events failed', { cause: ended });
    }
    return { events, whole: enough(events) };
  };

  /** What was told of `act`. It is done again where the stream ended meanwhile: Podman 4.3 ends all of them when its log of events, of 1 MB, is turned over. */
  const told = async (
    act: () => Promise<void>,
    enough: (events: readonly Told[]) => boolean,
    since?: Date,
  ): Promise<Told[]> => {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const { events, whole } = await heard(act, enough, since);
      if (whole) return events;
    }
    throw new Error('the engine ended three streams of events');
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
    expect(exits[0]!.time.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(exits[0]!.time.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test('what has happened since a moment is told as well', async () => {
    const before = new Date();
    const id = await start(spec('exit 5'));
    await eventually('it has ended', async () => {
      const found = await runtime().containers.status(id);
      return found?.state.kind === 'exited' ? true : undefined;
    });
    const ends = (events: readonly Told[]) =>
      events.filter((event) => event.action === 'exited' && event.exitCode === 5);
    const events = await told(
      async () => {},
      (seen) => ends(seen).length > 0,
      before,
    );
    expect(ends(events)[0]).toMatchObject({ containerId: id });
    expect(events[0]).toEqual({ action: 'connected' });
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
    let id = '';
    const events = await told(
      async () => {
        id = await start(spec('sleep 600'));
        await engineCli('exec', id, 'true');
        await runtime().containers.remove(id);
      },
      (seen) => actionsOf(seen, id).includes('removed'),
    );
    const life = ['created', 'started', 'exited', 'removed'];
    expect(actionsOf(events, id).filter((action) => !life.includes(action))).toEqual([]);
  });

  test('two readers hear the same', async () => {
    let id = '';
    const hasExited = (seen: readonly Told[]) => actionsOf(seen, id).includes('exited');
    await told(async () => {
      await told(async () => {
        id = await start(spec('true'));
      }, hasExited);
    }, hasExited);
  });

  test('a stream whose signal has fired already tells nothing', async () => {
    expect(await Array.fromAsync(runtime().events(AbortSignal.abort()))).toEqual([]);
  });
}
