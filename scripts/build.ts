import { buildDist } from './image/dist.ts';

/** `npm run build`: dist/, which is all that the Dockerfile takes from this checkout. */

await buildDist();
