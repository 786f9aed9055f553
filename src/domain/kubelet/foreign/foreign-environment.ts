import type { EnvVar } from '../../meta/types.ts';

/** Of the Secret that a Deployment gets when it adopts the pod; until then nobody but the engine knows the values. */
const environmentSecret = (podName: string): string => `${podName}-environment`;

const secretKey = (container: string, variable: string): string =>
  `${container}.${variable.replaceAll(/[^-._a-zA-Z0-9]/g, '_')}`.slice(0, 253);

/**
 * Whoever may read pods reads their specs, while `docker inspect` is for those who hold the engine. So values that are secret by
 * their name or form are shown as references.
 */
export const foreignEnvironment = (
  env: Readonly<Record<string, string>>,
  podName: string,
  container: string,
): EnvVar[] =>
  Object.entries(env).map(([name, value]) =>
    looksSecret(name, value)
      ? {
          name,
          valueFrom: { secretKeyRef: { name: environmentSecret(podName), key: secretKey(container, name) } },
        }
      : // Else `$(NAME)` would be taken for another variable's value.
        { name, value: value.replaceAll('$(', '$$$(') },
  );

/** The data of that Secret, not yet encoded. */
export const secretEnvironment = (env: Readonly<Record<string, string>>, container: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env)
      .filter(([name, value]) => looksSecret(name, value))
      .map(([name, value]) => [secretKey(container, name), value]),
  );

const secretName = /pass|.pwd$|secret|token|credential|private|auth|api_?key|access_?key|(^|_)(key|pin|dsn|salt)$/i;
/** `postgres://user:password@host/`, in whatever form. */
const secretValue = /:\/\/[^\s/:@]*:[^\s/@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

const looksSecret = (name: string, value: string): boolean =>
  value !== '' && (secretName.test(name) || secretValue.test(value));
