import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** By the packages that ask for them: modules that k2d never uses, and what stands in for each. */
const exclusions: readonly { readonly of: RegExp; readonly replacements: Readonly<Record<string, string>> }[] = [
  {
    // ssh2: engines reached by SSH (docker-modem lib/ssh.js).
    // gRPC and protobuf: sessions of BuildKit (dockerode lib/session.js, lib/buildkit.js).
    // tar-fs, dockerignore: build contexts (dockerode lib/util.js).
    // debug: would print every request, credentials included, when the environment has DEBUG=*.
    // readable-stream: the copy of Node's streams for old Nodes; Node's own is there anyway.
    of: inPackages('dockerode', 'docker-modem'),
    replacements: {
      ssh2: 'module.exports = {};',
      '@grpc/grpc-js': 'module.exports = {};',
      '@grpc/proto-loader': 'module.exports = {};',
      protobufjs: 'module.exports = {};',
      'tar-fs': 'module.exports = {};',
      '@balena/dockerignore': 'module.exports = {};',
      debug: 'module.exports = () => () => {};',
      'readable-stream': "module.exports = require('node:stream');",
    },
  },
  {
    // The compilers: ajv and its serializer, for which src/api/server.ts gives Fastify others. light-my-request: fastify.inject().
    // semver: plug-ins that name the Fastify they want. proxy-addr: trustProxy. http2: servers of HTTP/2.
    of: inPackages('fastify'),
    replacements: {
      '@fastify/ajv-compiler': 'module.exports = undefined;',
      '@fastify/fast-json-stringify-compiler': 'module.exports = undefined;',
      'light-my-request': 'module.exports = undefined;',
      semver: 'module.exports = undefined;',
      '@fastify/proxy-addr': 'module.exports = undefined;',
      'node:http2': 'module.exports = undefined;',
    },
  },
  {
    // Looks at regular expressions in routes, of which src/api has none that a client could choose.
    of: inPackages('find-my-way'),
    replacements: { 'safe-regex2': 'module.exports = () => true;' },
  },
  {
    // Transports that are threads; src/log.ts writes to stdout itself.
    of: inPackages('pino'),
    replacements: { 'thread-stream': 'module.exports = undefined;' },
  },
  {
    // form-data: multipart bodies, with a table of all media types. The others: proxies and redirects, which src/runtime/podman
    // turns off; follow-redirects also prints requests when the environment has DEBUG=*. fetch.js, xhr.js, http2: other ways to ask, which load
    // what they are named after.
    of: inPackages('axios'),
    replacements: {
      'form-data': 'module.exports = class FormData {};',
      'https-proxy-agent': 'module.exports = undefined;',
      'proxy-from-env': 'module.exports = { getProxyForUrl: () => "" };',
      'follow-redirects': 'module.exports = { http: undefined, https: undefined };',
      './fetch.js': 'export const getFetch = () => undefined;',
      './xhr.js': 'export default undefined;',
      http2: 'module.exports = { constants: {} };',
    },
  },
];

function inPackages(...names: readonly string[]): RegExp {
  return new RegExp(`[/\\\\]node_modules[/\\\\](${names.join('|')})[/\\\\]`);
}

/** esbuild plugin: keeps out of the bundle, and so out of memory, what only others ask for and k2d does not use. */
export const bundleExclusions: Plugin = {
  name: 'bundle-exclusions',
  setup(build) {
    build.onResolve({ filter: /^[^/]/ }, ({ path, importer }) => {
      const contents = exclusions.find(({ of }) => of.test(importer))?.replacements[path];
      return contents === undefined ? undefined : { path, namespace: 'excluded', pluginData: contents };
    });
    build.onLoad({ filter: /.*/, namespace: 'excluded' }, ({ pluginData }) => ({
      contents: String(pluginData),
      loader: 'js',
      resolveDir: import.meta.dirname,
    }));
    build.onLoad({ filter: /[/\\]axios[/\\]lib[/\\]utils\.js$/ }, async ({ path }) => ({
      contents: withoutFormData(await readFile(path, 'utf8')),
    }));
  },
};

/** To look whether Node has a FormData is to load its fetch. */
function withoutFormData(source: string): string {
  const looks = "typeof G.FormData !== 'undefined' ? G.FormData : undefined";
  if (!source.includes(looks)) throw new Error(`axios does not say ${looks} any more: see that it loads no fetch`);
  return source.replace(looks, 'undefined');
}
