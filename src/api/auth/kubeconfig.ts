/** PEM texts and where the server is. */
export type KubeconfigFields = {
  /** Cluster and context have the instance's name, so that the files of several devices and instances can be merged. */
  instance: string;
  /** Undefined is the administrator. */
  user?: string;
  server: string;
  /** The name that the server's certificate is checked for, where `server` is one it does not cover. */
  tlsServerName?: string;
  authority: string;
  certificate: string;
  key: string;
};

/** A client-go kubeconfig (client-go tools/clientcmd/api/v1/types.go) with everything inside, so that it can be copied. */
export function kubeconfigText(fields: KubeconfigFields): string {
  const user = `${fields.instance}-${fields.user ?? 'admin'}`;
  const base64 = (pem: string) => Buffer.from(pem).toString('base64');
  return `apiVersion: v1
kind: Config
clusters:
- name: ${quoted(fields.instance)}
  cluster:
    server: ${quoted(fields.server)}
${fields.tlsServerName === undefined ? '' : `    tls-server-name: ${quoted(fields.tlsServerName)}\n`}\
    certificate-authority-data: ${base64(fields.authority)}
users:
- name: ${quoted(user)}
  user:
    client-certificate-data: ${base64(fields.certificate)}
    client-key-data: ${base64(fields.key)}
contexts:
- name: ${quoted(fields.instance)}
  context:
    cluster: ${quoted(fields.instance)}
    user: ${quoted(user)}
current-context: ${quoted(fields.instance)}
`;
}

/** `https://192.0.2.1:6443`, `https://[fd00::2]:6443`. */
export const serverUrl = (host: string, port: number): string =>
  `https://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** A JSON string is a YAML string, whatever it holds. */
const quoted = (text: string): string => JSON.stringify(text);
