import { writeOpenApi } from './write-openapi.ts';

/** `npm run generate:openapi`: dist/openapi/v3, which the running k2d serves. */

await writeOpenApi('dist/openapi/v3');
