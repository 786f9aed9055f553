/** What GET /version and the node say: the version of the API that the schemas describe (apimachinery pkg/version.Info). */
export const kubernetesVersion = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.0+k2d',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'v8',
  platform: `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`,
};
