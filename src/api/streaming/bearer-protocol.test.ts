import { expect, test } from 'vitest';
import { offeredProtocols } from './bearer-protocol.ts';

const bearer = (token: string | Buffer) =>
  `base64url.bearer.authorization.k8s.io.${Buffer.from(token as string).toString('base64url')}`;

// apiserver pkg/authentication/request/websocket/protocol_test.go
test.each([
  ['nothing', undefined, { token: undefined, protocols: [] }],
  ['no token', 'a, b', { token: undefined, protocols: ['a', 'b'] }],
  ['a token and another', `${bearer('secret')},b`, { token: 'secret', protocols: ['b'] }],
  ['a token behind others', `a, b ,${bearer('secret')}`, { token: 'secret', protocols: ['a', 'b'] }],
  ['a token alone', bearer('secret'), undefined],
  ['two tokens', `${bearer('x')}, a, ${bearer('y')}`, undefined],
  ['an empty token', `a, ${bearer('')}`, undefined],
  ['what is no base64url', 'a, base64url.bearer.authorization.k8s.io.$$$', undefined],
  ['what is no UTF-8', `a, ${bearer(Buffer.from([0xff, 0xfe]))}`, undefined],
])('%s', (_what, header, expected) => expect(offeredProtocols(header)).toEqual(expected));
