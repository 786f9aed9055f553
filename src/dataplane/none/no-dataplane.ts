import type { ServiceDataplane } from '../../domain/network/service-dataplane.ts';

const nothing = () => Promise.resolve();

/** For machines where nobody may change how packets are routed: Services have names and addresses, and no connection finds one. */
export const noDataplane: ServiceDataplane = { apply: nothing, podStarted: nothing, remove: nothing };
