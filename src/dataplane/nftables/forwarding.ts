/** One rule of the filter table, as the arguments of iptables after the chain's name. */
type Rule = readonly string[];

export type ForwardingOptions = { instance: string; podCidr: string; nodePorts: { first: number; last: number } };

export type ForwardingChange = { action: '-I' | '-D'; chain: string; rule: Rule };

/**
 * What lets connections to Services pass where forwarding is closed: Docker sets the policy DROP and keeps its networks apart, and asks
 * for other rules in its chain DOCKER-USER, which it never flushes (docs.docker.com, Packet filtering and firewalls).
 * Nothing else is opened: the rules match translated connections to pods, their answers, and node ports.
 */
const rulesOf = ({ instance, podCidr, nodePorts }: ForwardingOptions): Rule[] => {
  const translated = ['-m', 'conntrack', '--ctstate', 'DNAT'];
  const comment = ['-m', 'comment', '--comment', mark(instance), '-j', 'ACCEPT'];
  return [
    ['-d', podCidr, ...translated, ...comment],
    ['-s', podCidr, ...translated, ...comment],
    [...translated, '--ctorigdstport', `${nodePorts.first}:${nodePorts.last}`, ...comment],
  ];
};

/** What is missing, and what an older start with other ranges left behind. `listing` is what `iptables -S` prints. */
export function forwardingChanges(listing: string, options: ForwardingOptions): ForwardingChange[] {
  const chain = openChain(listing);
  const present = presentRules(listing, options.instance);
  const wanted = chain === undefined ? [] : rulesOf(options).map((rule) => ({ chain, rule }));
  const same = (a: { chain: string; rule: Rule }, b: { chain: string; rule: Rule }) =>
    a.chain === b.chain && a.rule.join(' ') === b.rule.join(' ');
  return [
    ...wanted.filter((w) => !present.some((p) => same(w, p))).map((w) => ({ action: '-I' as const, ...w })),
    ...present.filter((p) => !wanted.some((w) => same(w, p))).map((p) => ({ action: '-D' as const, ...p })),
  ];
}

/** Everything of this instance, to be taken away. */
export const forwardingRemoval = (listing: string, instance: string): ForwardingChange[] =>
  presentRules(listing, instance).map((present) => ({ action: '-D', ...present }));

/** Undefined: forwarding is open as it is. */
function openChain(listing: string): string | undefined {
  const lines = listing.split('\n');
  if (lines.includes('-N DOCKER-USER')) return 'DOCKER-USER';
  return lines.includes('-P FORWARD DROP') ? 'FORWARD' : undefined;
}

/** iptables prints rules the way it takes them, with quotes only around what has a space. */
const presentRules = (listing: string, instance: string): { chain: string; rule: Rule }[] =>
  listing.split('\n').flatMap((line) => {
    const [, chain, text] = /^-A (\S+) (.*)$/.exec(line) ?? [];
    const rule = text?.replaceAll('"', '').split(' ') ?? [];
    return chain !== undefined && rule.includes(mark(instance)) ? [{ chain, rule }] : [];
  });

const mark = (instance: string): string => `${instance}:services`;
