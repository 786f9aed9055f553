import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ContainerRuntime } from '../../../src/domain/container-runtime/container-runtime.ts';
import type { ContainerExit, ContainerSpec, ContainerStatus } from '../../../src/domain/container-runtime/container.ts';
import type { PodNetwork, PodSandboxSpec } from '../../../src/domain/container-runtime/pod-sandbox.ts';
import { measuredRuntime, type ObserveOperation } from '../../../src/runtime/measured-runtime.ts';
import { cleanUp } from './clean-up.ts';
import { eventually } from './eventually.ts';

export type RuntimeUnderTest = {
  make: () => Promise<{ runtime: ContainerRuntime; close(): Promise<void> }>;
  /** Reference of a busybox that is present. */
  image: string;
  /** Begins the name of every engine object the suite makes; at most 8 characters. */
  prefix: string;
  /** The first three bytes of a /24 that nothing on this host uses: `10.231.7`. */
  subnet: string;
  /** The same engine's own command line, for containers that somebody else makes. */
  cli: readonly [command: string, ...args: string[]];
  skip: readonly { test: string; because: string }[];
};

type Measured = { operation: string; seconds: number | undefined; code: string | undefined };

/** A real engine with a network, and short ways to say what a case needs. Everything made under its names is removed after each case. */
export type RuntimeBed = ReturnType<typeof runtimeBed>;

export function runtimeBed(underTest: RuntimeUnderTest) {
  const { image, prefix, subnet, cli } = underTest;
  const labels = { 'k2d.io/test-run': randomBytes(4).toString('hex') };
  const network = {
    name: `${prefix}net`,
    labels,
    bridge: `${prefix}0`,
    subnet: `${subnet}.0/25`,
    gateway: `${subnet}.1`,
  };
  const unusedSkips = new Set(underTest.skip.map((skip) => skip.test));
  let made: { runtime: ContainerRuntime; close(): Promise<void> } | undefined;

  const runtime = (): ContainerRuntime => {
    if (!made) throw new Error('the runtime exists only while a case runs');
    return made.runtime;
  };

  const measured: Measured[] = [];

  beforeAll(async () => {
    const adapter = await underTest.make();
    // As k2d itself has it.
    const observe: ObserveOperation = (operation, seconds, code) => measured.push({ operation, seconds, code });
    made = { runtime: measuredRuntime(adapter.runtime, observe), close: () => adapter.close() };
    await cleanUp(made.runtime, prefix, labels);
    await made.runtime.networks.remove(network.name);
    await made.runtime.networks.create({ ...network, dynamicRange: `${subnet}.64/26` });
  });
  afterEach(async () => cleanUp(runtime(), prefix, labels));
  afterAll(async () => {
    await made?.runtime.networks.remove(network.name);
    await made?.close();
  });

  const name = (what: string) => `${prefix}${what}-${randomBytes(3).toString('hex')}`;

  /** A network of its own address; `host` is its last byte, below 64. */
  const address = (host: number): PodNetwork => ({ mode: 'network', network: network.name, ip: `${subnet}.${host}` });

  const sandboxSpec = (overrides: Partial<PodSandboxSpec> = {}): PodSandboxSpec => ({
    name: name('pod'),
    labels,
    hostname: 'pod',
    network: { mode: 'none' },
    ports: [],
    sysctls: {},
    shareProcessNamespace: false,
    hostPid: false,
    hostIpc: false,
    ...overrides,
  });

  /** A container that runs `script` with sh, alone and without a network, unless told otherwise. */
  const spec = (script: string, overrides: Partial<ContainerSpec> = {}): ContainerSpec => ({
    name: name('c'),
    image,
    command: ['sh', '-c', script],
    env: {},
    supplementalGroups: [],
    labels,
    mounts: [],
    devices: [],
    resources: {},
    security: { privileged: false, capAdd: [], capDrop: [], readOnlyRootfs: false, noNewPrivileges: false },
    restart: 'no',
    stopTimeoutSeconds: 1,
    tty: false,
    stdin: false,
    stdinOnce: false,
    sandbox: { kind: 'own', spec: sandboxSpec() },
    ...overrides,
  });

  /** For `spec`: a container that is its own sandbox, made as told. */
  const own = (overrides: Partial<PodSandboxSpec>): Pick<ContainerSpec, 'sandbox'> => ({
    sandbox: { kind: 'own', spec: sandboxSpec(overrides) },
  });

  const start = async (container: ContainerSpec): Promise<string> => {
    const id = await runtime().containers.create(container);
    await runtime().containers.start(id);
    return id;
  };

  const status = async (id: string): Promise<ContainerStatus> => {
    const found = await runtime().containers.status(id);
    if (!found) throw new Error(`container ${id} is gone`);
    return found;
  };

  const exit = (id: string): Promise<ContainerExit> =>
    eventually(`${id} has exited`, async () => {
      const { state } = await status(id);
      return state.kind === 'exited' ? state.exit : undefined;
    });

  const lines = async (id: string): Promise<string[]> => {
    const entries = runtime().containers.logs(id, { follow: false }, AbortSignal.timeout(90_000));
    return (await Array.fromAsync(entries)).map((entry) => entry.line.toString());
  };

  const linesOf = (id: string, wanted: string): Promise<string[]> =>
    eventually(`${id} wrote "${wanted}"`, async () => {
      const written = await lines(id);
      return written.includes(wanted) ? written : undefined;
    });

  return {
    runtime,
    /** What the engine has been asked, the last at the end. */
    measured,
    eventually,
    image,
    prefix,
    labels,
    network,
    subnet,
    name,
    address,
    spec,
    sandboxSpec,
    own,
    start,
    status,
    exit,
    lines,
    /** All lines, as soon as `wanted` is one of them. */
    linesOf,
    /** What a container that ends by itself wrote, both streams. */
    output: async (container: ContainerSpec): Promise<string[]> => {
      const id = await start(container);
      await exit(id);
      return lines(id);
    },
    /** Runs the engine's own command line; returns what it prints. */
    engineCli: async (...args: string[]): Promise<string> => {
      const [command, ...first] = cli;
      const { stdout } = await promisify(execFile)(command, [...first, ...args], { timeout: 120_000 });
      return stdout.trim();
    },
    /** A case, unless this engine's list of skips names it. */
    test: (title: string, body: () => Promise<void>): void => {
      const skip = underTest.skip.find((candidate) => candidate.test === title);
      if (!skip) return test(title, body);
      unusedSkips.delete(title);
      test.skip(`${title} (skipped: ${skip.because})`, body);
    },
    /** A skip that names no case hides nothing but a mistake. A case of its own, as vitest collects the others after the suite's body has run. */
    refuseUnknownSkips: (): void => test('every skip names a case', () => expect([...unusedSkips]).toEqual([])),
  };
}
