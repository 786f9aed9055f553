import { createHash, createPublicKey, sign, verify, type JsonWebKey, type KeyObject } from 'node:crypto';

/** Claims as JSON; what they mean is the caller's. */
export type Claims = Readonly<Record<string, unknown>>;

/** A service account token with all its claims has some 1200 characters. */
const MAX_LENGTH = 16_384;

/** JWS in compact form, ES256 only (RFC 7515, RFC 7518 3.4): there is no algorithm to choose, so none to confuse. */
export class JsonWebTokens {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #header: string;
  /** What others check our signatures with (RFC 7517). */
  readonly keySet: { keys: readonly [JsonWebKey] };

  /** An EC P-256 private key. */
  constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
    const kid = createHash('sha256')
      .update(this.#publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64url');
    this.#header = encode({ alg: 'ES256', kid });
    this.keySet = { keys: [{ use: 'sig', kid, alg: 'ES256', ...this.#publicKey.export({ format: 'jwk' }) }] };
  }

  sign(claims: Claims): string {
    const signed = `${this.#header}.${encode(claims)}`;
    const key = { key: this.#privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  }

  /** The claims of a token that this key signed; undefined for anything else. */
  verify(token: string): Claims | undefined {
    if (token.length > MAX_LENGTH) return undefined;
    const [header, payload, signature, ...rest] = token.split('.');
    if (header !== this.#header || payload === undefined || signature === undefined || rest.length > 0)
      return undefined;
    const key = { key: this.#publicKey, dsaEncoding: 'ieee-p1363' } as const;
    const signed = Buffer.from(`${header}.${payload}`);
    if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) return undefined;
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
  }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
