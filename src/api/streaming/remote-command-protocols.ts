import { channelProtocols } from './channel-protocol.ts';
import type { SpokenProtocols } from './negotiate.ts';

/** What exec and attach are spoken in. Over SPDY the fifth version has nothing that the fourth has not (kubelet/pkg/cri/streaming/remotecommand). */
export const remoteCommandProtocols: SpokenProtocols = {
  webSocket: channelProtocols,
  spdy: ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'],
};
