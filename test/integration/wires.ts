/** The two ways that kubectl has for streams, chosen by its switches: WebSocket is its own choice today, SPDY was that of older ones. */
export const wires: readonly { name: string; env: Readonly<Record<string, string>> }[] = [
  { name: 'WebSocket', env: {} },
  { name: 'SPDY', env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' } },
];
