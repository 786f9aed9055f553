/** The other side broke the protocol, or a bound; its connection ends. */
export class SpdyError extends Error {
  override readonly name = 'SpdyError';
}
