import type { Networks } from '../../domain/container-runtime/network.ts';
import { networkStatus } from './from-libpod.ts';
import type { LibpodNetwork } from './libpod-answers.ts';
import { labelFilter, type LibpodClient, path } from './libpod-client.ts';
import { secondaryToLibpod } from './secondary-network.ts';
import { networkToLibpod } from './to-libpod.ts';

export function podmanNetworks(client: LibpodClient): Networks {
  return {
    async create(spec) {
      await client.post('/networks/create', { body: networkToLibpod(spec) });
    },
    async createSecondary(spec) {
      await client.post('/networks/create', { body: secondaryToLibpod(spec) });
    },
    async list(labels) {
      const found = await client.get<LibpodNetwork[]>('/networks/json', { query: labelFilter(labels) });
      return found.map(networkStatus);
    },
    async status(name) {
      const found = await client.find<LibpodNetwork>(path`/networks/${name}/json`);
      return found?.name === name ? networkStatus(found) : undefined;
    },
    async remove(name) {
      await client.delete(path`/networks/${name}`);
    },
  };
}
