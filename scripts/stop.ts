import { type Config, readConfig } from '../src/config.ts';
import { connectEngine } from './deploy/engine.ts';
import { INSTANCE_LABEL } from './deploy/k2d-container.ts';
import { inspect, remove } from './deploy/replace-container.ts';
import { userSettings } from './deploy/user-settings.ts';
import { reportFailure } from './report-failure.ts';

/** `npm stop`: removes k2d's own container. Workloads, their addresses, Services and the data stay as they are. */

await stop(readConfig(userSettings(process.env, process.getuid?.() ?? 0))).catch(reportFailure);

async function stop(config: Config): Promise<void> {
  const { kind, client } = await connectEngine(config);
  const container = await inspect(client, config.instance);
  if (container?.Config.Labels[INSTANCE_LABEL] === config.instance) {
    await remove(client.getContainer(container.Id));
    console.log(`Removed the container ${config.instance} from ${kind}. Workloads run on; npm start brings k2d back.`);
  } else {
    console.log(`${kind} runs no container ${config.instance} of k2d: nothing to stop.`);
  }
}
