import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseQuantity } from './domain/meta/quantity.ts';

/** What the operator set, checked once at start and never changed afterwards. */
export type Config = {
  port: number;
  dataPath: string;
  /** Where the host's `/` is for k2d: in a container it is a mount. */
  hostRoot: string;
  /** Undefined: every address of the host. */
  advertiseAddress?: string;
  runtime?: 'docker' | 'podman';
  runtimeSocket?: string;
  podCidr: string;
  serviceCidr: string;
  nodePorts: { first: number; last: number };
  /** Names, or beginnings of names with `*`, beside those that are safe. */
  allowedUnsafeSysctls: readonly string[];
  dataplane: 'auto' | 'nftables' | 'none';
  logLevel: string;
  logFormat: 'json' | 'text';
  instance: string;
  nodeName: string;
  kubeconfigPath: string;
  limits: {
    maxPods: number;
    /** Withheld from pods, by resource. */
    reserved: Readonly<Record<string, string>>;
    /** When images go: at which fullness of the disk, down to which, in percent. */
    images: { scope: 'pulled' | 'all' | 'off'; high: number; low: number; minAgeSeconds: number };
  };
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the K2D_ variables; throws with the variable's name and what it may be. */
export function readConfig(env: Environment): Config {
  const instance = matching(env, 'K2D_INSTANCE', /^[a-z0-9][a-z0-9-]{0,40}$/, 'k2d');
  const dataPath = matching(env, 'K2D_DATA_PATH', /^\/[^\0]+$/, '/var/lib/k2d');
  const ranges = defaultRanges(instance);
  return Object.freeze({
    port: integer(env, 'K2D_PORT', 1, 65535, 6443),
    dataPath,
    hostRoot: matching(env, 'K2D_HOST_ROOT', /^\/[^\0]*$/, '/').replace(/(?<=.)\/+$/, ''),
    ...optional('advertiseAddress', matching(env, 'K2D_ADVERTISE_ADDR', /^[0-9A-Fa-f.:]*$/, '')),
    ...optional('runtime', oneOf(env, 'K2D_RUNTIME', ['', 'docker', 'podman'] as const)),
    ...optional('runtimeSocket', matching(env, 'K2D_RUNTIME_SOCKET', /^(\/[^\0]+)?$/, '')),
    podCidr: cidr(env, 'K2D_POD_CIDR', ranges.pods),
    serviceCidr: cidr(env, 'K2D_SERVICE_CIDR', ranges.services),
    nodePorts: portRange(env, 'K2D_NODE_PORT_RANGE', '30000-32767'),
    allowedUnsafeSysctls: Object.freeze(
      matching(env, 'K2D_ALLOWED_UNSAFE_SYSCTLS', /^([a-z0-9][-_.a-z0-9]*\*?(,|$))*$/, '')
        .split(',')
        .filter((name) => name !== ''),
    ),
    dataplane: oneOf(env, 'K2D_DATAPLANE', ['auto', 'nftables', 'none'] as const),
    logLevel: oneOf(env, 'K2D_LOG_LEVEL', ['info', 'debug', 'warn', 'error'] as const),
    logFormat: oneOf(env, 'K2D_LOG_FORMAT', ['json', 'text'] as const),
    instance,
    nodeName: hostname().toLowerCase(),
    kubeconfigPath: join(dataPath, 'kubeconfig'),
    limits: {
      maxPods: integer(env, 'K2D_MAX_PODS', 1, 500, 110),
      reserved: amounts(env, 'K2D_SYSTEM_RESERVED'),
      images: imageCollection(env),
    },
  });
}

/**
 * Two instances on one machine share its routing table, so each gets ranges of its own from its name: the first instance
 * the usual 10.42 and 10.43, every other a pair between 10.64 and 10.127.
 */
function defaultRanges(instance: string): { pods: string; services: string } {
  if (instance === 'k2d') return { pods: '10.42.0.0/16', services: '10.43.0.0/16' };
  const pair = createHash('sha256').update(instance).digest()[0]! % 32;
  return { pods: `10.${64 + 2 * pair}.0.0/16`, services: `10.${65 + 2 * pair}.0.0/16` };
}

const optional = <K extends string, V extends string>(key: K, value: V | '') =>
  (value === '' ? {} : { [key]: value }) as { [P in K]?: Exclude<V, ''> };

function matching(env: Environment, name: string, form: RegExp, fallback: string): string {
  const text = env[name] || fallback;
  if (!form.test(text)) throw new TypeError(`${name}: ${JSON.stringify(text)} does not have the form ${form.source}`);
  return text;
}

/** The first word is the default. */
function oneOf<const W extends string>(env: Environment, name: string, words: readonly [W, ...W[]]): W {
  const text = env[name] || words[0];
  const word = words.find((w) => w === text);
  if (word === undefined)
    throw new TypeError(`${name}: ${JSON.stringify(text)} is none of ${words.filter((w) => w !== '').join(', ')}`);
  return word;
}

function integer(env: Environment, name: string, least: number, most: number, fallback: number): number {
  const value = Number(env[name] || fallback);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new TypeError(`${name}: ${JSON.stringify(env[name])} is no whole number from ${least} to ${most}`);
  }
  return value;
}

/** As the kubelet's flags --image-gc-… */
function imageCollection(env: Environment): Config['limits']['images'] {
  const high = integer(env, 'K2D_IMAGE_GC_HIGH_THRESHOLD', 0, 100, 85);
  const low = integer(env, 'K2D_IMAGE_GC_LOW_THRESHOLD', 0, 100, Math.min(80, high));
  if (low > high) throw new TypeError('K2D_IMAGE_GC_LOW_THRESHOLD: must not exceed K2D_IMAGE_GC_HIGH_THRESHOLD');
  return {
    scope: oneOf(env, 'K2D_IMAGE_GC', ['pulled', 'all', 'off'] as const),
    high,
    low,
    minAgeSeconds: integer(env, 'K2D_IMAGE_GC_MIN_AGE', 0, 31_536_000, 120),
  };
}

/** `cpu=500m,memory=256Mi`, as the kubelet's flag --system-reserved. */
function amounts(env: Environment, name: string): Record<string, string> {
  const text = env[name] ?? '';
  const pairs =
    text === '' ? [] : text.split(',').map((pair) => /^(cpu|memory|ephemeral-storage)=([\d.]+[A-Za-z]*)$/.exec(pair));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, resource, amount] = pair ?? [];
      if (resource === undefined || amount === undefined || parseQuantity(amount) === undefined) {
        throw new TypeError(`${name}: ${JSON.stringify(text)} is no list such as cpu=500m,memory=256Mi`);
      }
      return [resource, amount];
    }),
  );
}

function portRange(env: Environment, name: string, fallback: string): { first: number; last: number } {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(env[name] || fallback) ?? [];
  const range = { first: Number(first), last: Number(last) };
  if (!(range.first >= 1 && range.first <= range.last && range.last <= 65535)) {
    throw new TypeError(`${name}: ${JSON.stringify(env[name])} is no range of ports such as ${fallback}`);
  }
  return range;
}

/** IPv4 with room for at least 256 addresses. */
function cidr(env: Environment, name: string, fallback: string): string {
  const text = env[name] || fallback;
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const numbers = parts?.slice(1).map(Number) ?? [];
  const [bits = -1] = numbers.slice(4);
  if (numbers.length !== 5 || numbers.slice(0, 4).some((n) => n > 255) || bits < 8 || bits > 24) {
    throw new TypeError(`${name}: ${JSON.stringify(text)} is no IPv4 range of 8 to 24 bits such as ${fallback}`);
  }
  return text;
}
