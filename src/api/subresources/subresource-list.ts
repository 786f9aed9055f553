import { attach } from './attach.ts';
import { eviction } from './eviction.ts';
import { exec } from './exec.ts';
import { finalize } from './finalize.ts';
import { ephemeralContainers, resize } from './pod-part.ts';
import { log } from './log.ts';
import { portForward } from './port-forward.ts';
import { proxies } from './proxy.ts';
import { scale } from './scale.ts';
import { status } from './status.ts';
import { token } from './token.ts';
import type { Subresource } from './subresource.ts';

/** Every subresource there is: routes and discovery follow from this list. */
export const subresources: readonly Subresource[] = [
  status,
  scale,
  log,
  exec,
  attach,
  portForward,
  ephemeralContainers,
  resize,
  finalize,
  token,
  eviction,
  ...proxies,
];
