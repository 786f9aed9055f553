import type { ContainerStatus } from '../../container-runtime/container.ts';
import { composeService } from './foreign-labels.ts';

/** `My_App.1` becomes `my-app.1`: what Kubernetes allows and still reads the same. */
export function podNameOf(engineName: string): string {
  const name = engineName
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .split('.')
    .map((part) => part.replaceAll(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('.')
    .slice(0, longest)
    .replace(/[-.]+$/, '');
  return name === '' ? 'container' : name;
}

/** Leaves room for what is appended to make it unique, and for the names of what a Deployment makes. */
const longest = 200;

/** Two of the engine's names may become one of Kubernetes': the second one carries the beginning of its id. */
export const uniqueName = (name: string, id: string): string => `${name}-${id.slice(0, 5)}`;

/** What each container is called in its pod: by its Compose service when it is one of several, else by its own name. */
export function containerNames(containers: readonly ContainerStatus[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const container of containers) {
    const service = containers.length > 1 ? composeService(container.labels) : undefined;
    const base = labelOf(service ?? container.name);
    const name = taken.has(base) ? uniqueName(base, container.id) : base;
    taken.add(name);
    names.set(container.id, name);
  }
  return names;
}

const labelOf = (name: string): string => podNameOf(name).replaceAll('.', '-').slice(0, 57).replace(/-+$/, '');
