import type { RemoteStatus, TerminalSize } from './remote-command.ts';

/** The first byte of each message (apimachinery pkg/util/remotecommand/constants.go). */
export const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/** How a version of the protocol differs from the others. */
export type ChannelProtocol = {
  /** Messages are text: the channel's digit, then base64. */
  isText: boolean;
  /** The end is told as a Status, else failures as text and success with nothing. */
  endsWithStatus: boolean;
};

const protocols: Readonly<Record<string, ChannelProtocol>> = {
  '': { isText: false, endsWithStatus: false },
  'channel.k8s.io': { isText: false, endsWithStatus: false },
  'base64.channel.k8s.io': { isText: true, endsWithStatus: false },
  'v4.channel.k8s.io': { isText: false, endsWithStatus: true },
  'v4.base64.channel.k8s.io': { isText: true, endsWithStatus: true },
  'v5.channel.k8s.io': { isText: false, endsWithStatus: true },
};

/** None at all is a protocol too. */
export const channelProtocols: readonly string[] = Object.keys(protocols);

export const protocolNamed = (name: string): ChannelProtocol => protocols[name] ?? protocols['']!;

/** Channels of text messages are counted from the digit on, through what follows it in ASCII. */
const digit = 0x30;

export const encodeMessage = ({ isText }: ChannelProtocol, channel: number, data: Buffer): Buffer | string =>
  isText
    ? String.fromCharCode(digit + channel) + data.toString('base64')
    : Buffer.concat([Buffer.from([channel]), data]);

/** Undefined when it is too short to have a channel. */
export function decodeMessage(
  { isText }: ChannelProtocol,
  message: Buffer,
): { channel: number; data: Buffer } | undefined {
  const [channel] = message;
  if (channel === undefined) return undefined;
  const rest = message.subarray(1);
  return isText
    ? { channel: channel - digit, data: Buffer.from(rest.toString('latin1'), 'base64') }
    : { channel, data: rest };
}

/** Undefined when nothing is to be said. */
export function encodeStatus(
  { endsWithStatus }: Pick<ChannelProtocol, 'endsWithStatus'>,
  status: RemoteStatus,
): Buffer | undefined {
  if (endsWithStatus) return Buffer.from(JSON.stringify(status));
  return status.status === 'Success' ? undefined : Buffer.from(status.message ?? '');
}

const largest = 65_535;

/** `{"Width":80,"Height":24}`; undefined for anything else. */
export function decodeSize(data: Buffer): TerminalSize | undefined {
  try {
    const { Width: columns, Height: rows } = JSON.parse(data.toString()) as { Width?: unknown; Height?: unknown };
    return isLength(columns) && isLength(rows) ? { columns, rows } : undefined;
  } catch {
    return undefined;
  }
}

const isLength = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= largest;
