import { parseArgs } from 'node:util';
import { connectEngine } from '../scripts/deploy/engine.ts';
import { buildDist } from '../scripts/image/dist.ts';
import { step } from '../scripts/progress.ts';
import { reportFailure } from '../scripts/report-failure.ts';
import { RuntimeError } from '../src/domain/container-runtime/runtime-error.ts';
import { provideKubectl } from '../test/clients/kubectl-binary.ts';
import { engines, type TestEngine } from '../test/integration/engines.ts';
import { formatFigure } from './figure.ts';
import { K2dUnderTest } from './k2d-under-test.ts';
import { machineFacts } from './machine.ts';
import { type Effort, measure } from './measure.ts';

/**
 * `npm run bench -- [--engine docker|podman] [--quick]`: measures k2d on each engine that answers, one line `engine.name: value unit`
 * each, and says at the end on what machine. `--quick` is for trying it out: its figures are too coarse to quote.
 */

const THOROUGH: Effort = {
  idleMs: 60_000,
  restarts: 7,
  applies: 10,
  lists: 50,
  patches: 4000,
  fanouts: 50,
  rollouts: 5,
};
const QUICK: Effort = { idleMs: 10_000, restarts: 3, applies: 3, lists: 10, patches: 500, fanouts: 10, rollouts: 2 };

const { values: options } = parseArgs({
  options: { engine: { type: 'string' }, quick: { type: 'boolean', default: false } },
});

const signal = interruption();
await bench(options.quick ? QUICK : THOROUGH).catch((error) => reportFailure(signal.aborted ? signal.reason : error));

async function bench(effort: Effort): Promise<void> {
  const chosen = await answering(engines.filter(({ kind }) => (options.engine ?? kind) === kind));
  if (chosen.length === 0) throw new Error(`no engine ${options.engine ?? ''} answers: nothing to measure`);
  await provideKubectl();
  await step('Building k2d', buildDist);
  const facts = machineFacts();
  for (const engine of chosen) facts.push(...(await benchEngine(engine, effort)));
  for (const line of facts) console.log(line);
}

/** Prints the figures and returns the facts about the engine. */
async function benchEngine(engine: TestEngine, effort: Effort): Promise<string[]> {
  const k2d = new K2dUnderTest(engine);
  const print = (line: string) => console.log(`${engine.kind}.${line}`);
  await k2d.dispose(); // what a run that was killed has left
  try {
    signal.throwIfAborted();
    const { size } = await k2d.start();
    print(formatFigure({ name: 'image.size', value: size / 1e6, unit: 'MB' }));
    for await (const figure of measure(k2d, effort, signal)) print(formatFigure(figure));
    const node = await k2d.cli('exec', k2d.config.instance, 'node', '--version');
    return [`${engine.kind}.version: ${await k2d.engineVersion()}`, `${engine.kind}.node: ${node}`];
  } finally {
    await step(`Removing ${k2d.config.instance}`, () => k2d.dispose());
  }
}

async function answering(candidates: readonly TestEngine[]): Promise<TestEngine[]> {
  const found: TestEngine[] = [];
  for (const engine of candidates) {
    try {
      await connectEngine({ runtime: engine.kind, runtimeSocket: engine.socket });
      found.push(engine);
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      console.log(error.message);
    }
  }
  return found;
}

/** The first Ctrl-C ends the measuring and removes everything; the second ends at once. */
function interruption(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stop.abort(new Error('interrupted before all was measured')));
  }
  return stop.signal;
}
