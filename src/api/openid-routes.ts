import type { App } from './app.ts';
import { ISSUER } from './auth/token-claims.ts';

/** How long others may keep what they have read, in seconds (kubernetes pkg/routes/openidmetadata.go). */
const maxAge = 3600;

/** For those who check service account tokens themselves (OpenID Connect Discovery 1.0). */
export function addOpenIdRoutes(app: App, keySet: object): void {
  const documents = [
    { url: '/.well-known/openid-configuration', type: 'application/json', document: configuration },
    { url: '/openid/v1/jwks', type: 'application/jwk-set+json', document: keySet },
  ];
  for (const { url, type, document } of documents) {
    const text = Buffer.from(JSON.stringify(document));
    app.get(url, (_request, reply) => reply.header('cache-control', `public, max-age=${maxAge}`).type(type).send(text));
  }
}

/** The keys are where the issuer is: whoever reaches the one, as every pod does, reaches the other. */
const configuration = {
  issuer: ISSUER,
  jwks_uri: `${ISSUER}/openid/v1/jwks`,
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['ES256'],
};
