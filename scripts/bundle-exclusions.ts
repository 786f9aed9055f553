import type { Plugin } from 'esbuild';

/**
 * What dockerode and docker-modem load and k2d never uses, and what stands in for it:
 * - ssh2: engines reached by SSH (docker-modem lib/ssh.js);
 * - gRPC and protobuf: sessions of BuildKit (dockerode lib/session.js, lib/buildkit.js);
 * - tar-fs, dockerignore: build contexts (dockerode lib/util.js);
 * - debug: would print every request, credentials included, when the environment has DEBUG=*.
 */
const replacements: Readonly<Record<string, string>> = {
  ssh2: 'module.exports = {};',
  '@grpc/grpc-js': 'module.exports = {};',
  '@grpc/proto-loader': 'module.exports = {};',
  protobufjs: 'module.exports = {};',
  'tar-fs': 'module.exports = {};',
  '@balena/dockerignore': 'module.exports = {};',
  debug: 'module.exports = () => () => {};',
  // The copy of Node's streams for old Nodes; Node's own is there anyway.
  'readable-stream': "module.exports = require('node:stream');",
};

const client = /[/\\]node_modules[/\\](dockerode|docker-modem)[/\\]/;

/** esbuild plugin: keeps out of the bundle, and so out of memory, what only dockerode asks for and k2d does not use. */
export const bundleExclusions: Plugin = {
  name: 'bundle-exclusions',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer }) =>
      path in replacements && client.test(importer) ? { path, namespace: 'excluded' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'excluded' }, ({ path }) => ({
      contents: replacements[path] ?? '',
      loader: 'js',
      resolveDir: import.meta.dirname,
    }));
  },
};
