import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * esbuild plugin: gives `import … from 'node:…'` what `require` gives. An import reads every export of a module of Node when it is linked, also those that
 * load what they stand for when they are read: `http.WebSocket` brings Node's own fetch with HTTP/2, which k2d does not use, 1 MB (Node 22).
 */
export const requiredModules: Plugin = {
  name: 'required-modules',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ kind, path }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace: 'required' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};
