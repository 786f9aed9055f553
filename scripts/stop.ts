import { readConfig } from '../src/config.ts';
import { findEngine } from './deploy/find-engine.ts';
import { INSTANCE_LABEL } from './deploy/k2d-container.ts';
import { inspect, remove } from './deploy/replace-container.ts';

/** `npm stop`: removes k2d's own container. Workloads, their addresses, Services and the data stay as they are. */

const config = readConfig(process.env);
const { instance } = config;
const engine = await findEngine(config);
if (!engine) throw new Error('no engine answers');
const container = await inspect(engine.client, instance);
if (container?.Config.Labels[INSTANCE_LABEL] === instance) {
  await remove(engine.client.getContainer(container.Id));
  console.log(`Removed the container ${instance} from ${engine.kind}. Workloads run on; npm start brings k2d back.`);
} else {
  console.log(`No container ${instance} of k2d on ${engine.kind}: nothing to stop.`);
}
