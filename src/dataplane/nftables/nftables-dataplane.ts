import { sameJson } from '../../domain/meta/deep-equal.ts';
import { addressAt, ipv4Range } from '../../domain/meta/ipv4-range.ts';
import type { Logger } from '../../domain/meta/logger.ts';
import type { ServiceDataplane, ServicePlan } from '../../domain/network/service-dataplane.ts';
import { prepareBridge, releaseBridge } from './bridge.ts';
import { closeForwarding, openForwarding } from './firewall.ts';
import { forgetStaleFlows } from './forget-stale-flows.ts';
import { prepareNamespaceBridge } from './namespace-bridge.ts';
import { programsIn, type RunProgram } from './namespace-programs.ts';
import { ruleset, type RulesetOptions } from './ruleset.ts';
import { runProgram } from './run-program.ts';
import { udpPorts } from './udp-flows.ts';

export type NftablesOptions = {
  instance: string;
  /** Name of the pod network's bridge on the host. */
  bridge: string;
  podCidr: string;
  serviceCidr: string;
  nodePorts: { first: number; last: number };
  /** Path of the network namespace in which the bridge is; undefined: this process's own. */
  namespace?: string;
  logger: Logger;
};

/**
 * Services as NAT rules of the host's kernel, which work on while k2d does not run and cost it no memory. Needs the host's network namespace, root,
 * NET_ADMIN (NET_RAW, too, on hosts with the old iptables), and the programs nft, ip, conntrack and, where something closes forwarding, iptables.
 * Of an engine without root it is another namespace, which the engine made and nothing else uses: there, nsenter and SYS_ADMIN in its user namespace.
 */
export class NftablesDataplane implements ServiceDataplane {
  readonly #options: NftablesOptions;
  readonly #table: string;
  readonly #run: RunProgram;
  readonly #load: (plan: ServicePlan, signal?: AbortSignal) => Promise<void>;
  #applied: ServicePlan | undefined;

  constructor(options: NftablesOptions) {
    this.#options = { ...options, podCidr: network(options.podCidr), serviceCidr: network(options.serviceCidr) };
    this.#table = tableName(options.instance);
    this.#run = options.namespace === undefined ? runProgram : programsIn(options.namespace);
    this.#load = tableLoader({ ...this.#options, table: this.#table }, this.#run);
  }

  async apply(plan: ServicePlan, signal?: AbortSignal): Promise<void> {
    await this.#load(plan, signal);
    await this.#prepareBridge(signal);
    await this.#openForwarding(signal);
    if (!this.#applied || !sameJson(udpPorts(this.#applied), udpPorts(plan))) {
      await forgetStaleFlows(plan, this.#run, signal);
    }
    this.#applied = plan;
  }

  podStarted(): Promise<void> {
    return this.#prepareBridge();
  }

  async remove(): Promise<void> {
    await this.#run('nft', ['-f', '-'], { input: `table ip ${this.#table}\ndelete table ip ${this.#table}\n` });
    if (this.#options.namespace !== undefined) return;
    await releaseBridge(this.#options);
    await closeForwarding(this.#options.instance);
  }

  /** What is closed then is closed to other machines only. The next change tries again. */
  async #openForwarding(signal?: AbortSignal): Promise<void> {
    if (this.#options.namespace !== undefined) return;
    await openForwarding(this.#options, signal).catch((error: Error) => {
      this.#options.logger.warn({ error }, 'cannot see to forwarding: other machines may not reach the services');
    });
  }

  /** Services that lack a detail are better than none, and than a pod that does not start. */
  async #prepareBridge(signal?: AbortSignal): Promise<void> {
    const { bridge, namespace, logger } = this.#options;
    const prepared =
      namespace === undefined
        ? prepareBridge(this.#options, this.#run, signal)
        : prepareNamespaceBridge(this.#options, this.#run, signal);
    await prepared.catch((error: Error) => {
      logger.warn({ bridge, error }, 'cannot set up the bridge of the pod network');
    });
  }
}

/**
 * Changes the table from what this process loaded last. Where that fails, since somebody flushed all rules (`systemctl restart nftables`),
 * and for the first time, the table is made anew.
 */
function tableLoader(options: Omit<RulesetOptions, 'masqueradePodToPod'>, program: RunProgram) {
  let loaded: ServicePlan | undefined;
  return async (plan: ServicePlan, signal?: AbortSignal): Promise<void> => {
    const masqueradePodToPod = !(await bridgedTrafficIsTracked(program));
    const run = (from?: ServicePlan) =>
      program('nft', ['-f', '-'], { input: ruleset(plan, { ...options, masqueradePodToPod }, from), signal });
    const previous = loaded;
    loaded = undefined;
    if (previous) await run(previous).catch((error: unknown) => (signal?.aborted ? Promise.reject(error) : run()));
    else await run();
    loaded = plan;
  };
}

/** Instances have no `_` in their names, so two of them never share a table; nft wants a letter or `_` first. */
export const tableName = (instance: string): string => instance.replace(/^(?=\d)/, '_').replaceAll('-', '_');

/** As iptables and ip print it: 10.42.7.1/16 is 10.42.0.0/16. */
const network = (cidr: string): string => `${addressAt(ipv4Range(cidr), 0)}/${cidr.split('/')[1]}`;

/** br_netfilter: frames between two ports of a bridge pass the IP hooks. Loaded by Docker, often not there with Podman alone. Each namespace has its own. */
const bridgedTrafficIsTracked = (run: RunProgram): Promise<boolean> =>
  run('cat', ['/proc/sys/net/bridge/bridge-nf-call-iptables']).then(
    (text) => text.trim() === '1',
    () => false,
  );
