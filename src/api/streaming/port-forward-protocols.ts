import type { SpokenProtocols } from './negotiate.ts';

/** What kubectl speaks from 1.31 on. */
export const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';

export const portForwardProtocols: SpokenProtocols = {
  webSocket: [tunnelProtocol, 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io', ''],
  spdy: ['portforward.k8s.io'],
};
