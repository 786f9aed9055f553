import { expect, test } from 'vitest';
import { fullImageName, isLocalRegistry } from './image-name.ts';

test.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.27', 'docker.io/library/nginx:1.27'],
  ['bitnami/redis', 'docker.io/bitnami/redis:latest'],
  ['index.docker.io/nginx', 'docker.io/library/nginx:latest'],
  ['docker.io/nginx:1', 'docker.io/library/nginx:1'],
  ['ghcr.io/a/b/c:1', 'ghcr.io/a/b/c:1'],
  ['localhost/app', 'localhost/app:latest'],
  ['localhost:5000/app', 'localhost:5000/app:latest'],
  ['registry:5000/app:2', 'registry:5000/app:2'],
  ['nginx@sha256:ab', 'docker.io/library/nginx@sha256:ab'],
  ['ghcr.io/a/b:1@sha256:ab', 'ghcr.io/a/b:1@sha256:ab'],
])('%s is %s', (reference, full) => {
  expect(fullImageName(reference)).toBe(full);
});

test.each([
  ['localhost:5000/app:1', true],
  ['localhost/app:1', true],
  ['127.0.0.1:5000/app:1', true],
  ['[::1]:5000/app:1', true],
  ['localhost.example.com/app:1', false],
  ['docker.io/localhost/app:1', false],
])('%s on this machine: %s', (name, local) => {
  expect(isLocalRegistry(name)).toBe(local);
});
