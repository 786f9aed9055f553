import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExecSession } from '../../container-runtime/process.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { observedContainer } from '../pod/observed-fixture.ts';
import { Prober, type ProberListener } from './prober.ts';

const uid = 'u';
const began = new Date('2026-01-01T00:00:00Z');

let code = 0;
let asked: number[] = [];
let events: string[] = [];
const listener: ProberListener = {
  changed: () => void events.push('changed'),
  told: (_pod, _container, kind) => void events.push(`${kind} failed`),
  unhealthy: async (_pod, _container, _id, kind) => void events.push(`restart for ${kind}`),
};

const session = (exit: number): ExecSession => {
  const none = async () => undefined;
  return { output: (async function* () {})(), write: none, endInput: none, resize: none, exitCode: async () => exit };
};
const containers = {
  exec: async () => {
    asked.push(Math.floor((Date.now() - began.getTime()) / 1000));
    return session(code);
  },
};

const exec = { exec: { command: ['check'] } };
const podOf = (probes: Partial<Container>): Pod => ({
  metadata: { uid },
  spec: { containers: [{ name: 'c', ...probes }] },
});
const runs = (startedAt: Date) => ({ containers: [observedContainer('c', { kind: 'running', startedAt })] });

let prober: Prober;
const follow = (probes: Partial<Container>, startedAt = began) =>
  prober.follow(podOf(probes), runs(startedAt), '10.0.0.1');
const verdict = () => {
  const verdicts = prober.verdicts(uid);
  return { ready: verdicts.ready('c'), started: verdicts.started('c') };
};
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

beforeEach(() => {
  vi.useFakeTimers({ now: began, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  [code, asked, events] = [0, [], []];
  prober = new Prober(containers, listener, new AbortController().signal);
});
afterEach(() => {
  prober.forget(uid);
  vi.useRealTimers();
});

describe('Prober', () => {
  it('runs no timer for a container without probes', () => {
    follow({});
    expect(vi.getTimerCount()).toBe(0);
    expect(verdict()).toEqual({ ready: true, started: true });
  });

  it('keeps to initial delay and period, counted from the start of the container', async () => {
    await pass(1);
    follow({ readinessProbe: { ...exec, initialDelaySeconds: 3, periodSeconds: 5 } });
    expect(verdict()).toEqual({ ready: false, started: true });
    await pass(12);
    expect(asked).toEqual([3, 8, 13]);
    expect(verdict().ready).toBe(true);
  });

  it('wants so many successes, and so many failures', async () => {
    follow({ readinessProbe: { ...exec, periodSeconds: 1, successThreshold: 2, failureThreshold: 2 } });
    await pass(0);
    expect(verdict().ready).toBe(false);
    await pass(1);
    expect(verdict().ready).toBe(true);
    code = 1;
    await pass(1);
    expect(verdict().ready).toBe(true);
    await pass(1);
    expect(verdict().ready).toBe(false);
    expect(events).toEqual(['changed', 'readiness failed', 'readiness failed', 'changed']);
  });

  it('asks about liveness and readiness only after the startup probe has passed', async () => {
    code = 1;
    follow({
      startupProbe: { ...exec, periodSeconds: 10, failureThreshold: 5 },
      livenessProbe: { ...exec, periodSeconds: 60 },
      readinessProbe: { ...exec, periodSeconds: 60 },
    });
    await pass(15);
    expect(asked).toEqual([0, 10]);
    expect(verdict()).toEqual({ ready: false, started: false });
    code = 0;
    await pass(6);
    expect(asked).toEqual([0, 10, 20, 20, 20]);
    expect(verdict()).toEqual({ ready: true, started: true });
  });

  it('asks for a restart once a run, and begins anew with the next', async () => {
    code = 1;
    const probes = { livenessProbe: { ...exec, periodSeconds: 1, failureThreshold: 2 } };
    follow(probes);
    await pass(1);
    expect(events).toEqual(['liveness failed', 'liveness failed', 'restart for liveness']);
    follow(probes, new Date(began.getTime() + 1000));
    await pass(0);
    expect(events.slice(3)).toEqual(['liveness failed']);
  });

  it('lets the first answer decide for what ran before k2d did', async () => {
    follow({ readinessProbe: { ...exec, successThreshold: 3 } }, new Date(began.getTime() - 60_000));
    const heard = prober.heard(uid);
    await pass(1);
    await heard;
    expect(verdict().ready).toBe(true);
  });

  it('stops with the container', async () => {
    follow({ livenessProbe: { ...exec, periodSeconds: 1 } });
    prober.follow(podOf({ livenessProbe: exec }), { containers: [] }, '10.0.0.1');
    await pass(10);
    expect(asked).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
