import { resolve } from 'node:path';

/** As the person means it who typed it: npm goes to the project's folder first, and says where it was called (npm-run-script(1)). */
export const pathOf = (name: string): string => resolve(process.env['INIT_CWD'] ?? '.', name);
