import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import type { Secret } from '../meta/types.ts';
import { accountNameAnnotation, accountOfTokenSecret } from './token-secret.ts';

/** Keys that a secret of the type must have (kubernetes pkg/apis/core/types.go SecretType…). */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

const jsonKeys = ['.dockercfg', '.dockerconfigjson'];

const isJson = (base64: string): boolean => {
  try {
    JSON.parse(Buffer.from(base64, 'base64').toString());
    return true;
  } catch {
    return false;
  }
};

/** Of ValidateSecret what its type asks for. Messages never quote the data. */
export function validateSecretType(secret: Secret): FieldError[] {
  const { type = '', data = {} } = secret;
  const has = (key: string): boolean => Object.hasOwn(data, key);
  const account = accountOfTokenSecret(secret);
  if (account) return account.name === '' ? [required(`metadata.annotations[${accountNameAnnotation}]`)] : [];
  if (type === 'kubernetes.io/basic-auth' && !has('username') && !has('password')) {
    return [required('data[username]'), required('data[password]')];
  }
  return (requiredKeys[type] ?? []).flatMap((key) => {
    if (!has(key)) return [required(`data[${key}]`)];
    return jsonKeys.includes(key) && !isJson(data[key] ?? '')
      ? [invalidValue(`data[${key}]`, '<secret contents redacted>', 'must be JSON')]
      : [];
  });
}
