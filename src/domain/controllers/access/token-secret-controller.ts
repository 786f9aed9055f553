import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey, type ObjectKey } from '../../meta/object-key.ts';
import { isConflict, isNotFound } from '../../meta/status-error.ts';
import type { Secret, ServiceAccount } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import type { Registry } from '../../registry/registry.ts';
import { secrets } from '../../resources/secret.ts';
import { serviceAccounts } from '../../resources/service-account.ts';
import { accountNameAnnotation, accountOfTokenSecret, accountUidAnnotation } from '../../resources/token-secret.ts';
import { isActiveNamespace } from '../active-namespace.ts';
import { runController, source } from '../controller.ts';
import { defaultAccount } from './service-account-controller.ts';

/** A token that is good as long as the secret exists and holds it. */
export type IssueSecretToken = (secret: ObjectKey, account: { name: string; uid: string }) => string;

export type TokenSecretControllerOptions = {
  registry: Registry;
  /** PEM of the authority that signed the API server's certificate. */
  authority: string;
  issueToken: IssueSecretToken;
  logger: Logger;
  signal: AbortSignal;
};

/** Fills token secrets, and removes those whose account has gone (kubernetes pkg/controller/serviceaccount/tokens_controller.go). */
export function startTokenSecretController(options: TokenSecretControllerOptions): Promise<void> {
  const { registry, logger, signal } = options;
  return runController({
    name: 'token-secret-controller',
    registry,
    logger,
    sources: [
      source(secrets, ({ object }) => (accountOfTokenSecret(object) ? [formatKey(keyOf(object))] : [])),
      source(serviceAccounts, (event) => secretsOf(registry, event)),
    ],
    reconcile: (key) => reconcile(options, parseKey(key)),
    signal,
    concurrency: 1,
  });
}

/** A change of what an account says concerns no secret. */
function secretsOf(registry: Registry, { type, object }: ChangeEvent<ServiceAccount>): string[] {
  if (type === 'MODIFIED') return [];
  const { namespace, name } = keyOf(object);
  return registry
    .all(secrets, namespace)
    .filter((secret) => accountOfTokenSecret(secret)?.name === name)
    .map((secret) => formatKey(keyOf(secret)));
}

async function reconcile(options: TokenSecretControllerOptions, key: ObjectKey): Promise<void> {
  const { registry } = options;
  const secret = registry.find(secrets, key);
  const wanted = secret && accountOfTokenSecret(secret);
  if (!wanted) return;
  const account = registry.find(serviceAccounts, { namespace: key.namespace, name: wanted.name });
  const uid = metaOf(account ?? {}).uid;
  try {
    if (uid !== undefined && (wanted.uid === '' || wanted.uid === uid)) {
      await registry.update(secrets, key, (current) => filled(options, current, { name: wanted.name, uid }));
    } else if (account !== undefined || !isComing(registry, key, wanted.name)) {
      await registry.delete(secrets, key, { preconditions: { uid: metaOf(secret).uid ?? '' } });
    }
  } catch (error) {
    // Gone, or made anew under its name, which brings the secret here again.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

/** The default account is made a moment after its namespace: what was applied with both must not lose that race. */
const isComing = (registry: Registry, { namespace }: ObjectKey, account: string): boolean =>
  account === defaultAccount && isActiveNamespace(registry, namespace);

/** A token that is there stays: programs have read it. */
function filled(
  { authority, issueToken }: TokenSecretControllerOptions,
  secret: Secret,
  account: { name: string; uid: string },
): Secret {
  const key = keyOf(secret);
  const annotations = { [accountNameAnnotation]: account.name, [accountUidAnnotation]: account.uid };
  return {
    ...secret,
    metadata: { ...metaOf(secret), annotations: { ...metaOf(secret).annotations, ...annotations } },
    data: {
      ...secret.data,
      'ca.crt': base64(authority),
      namespace: base64(key.namespace),
      token: secret.data?.['token'] || base64(issueToken(key, account)),
    },
  };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
