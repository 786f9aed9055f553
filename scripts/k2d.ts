import { userSettings } from './deploy/user-settings.ts';

/** `npm run k2d -- COMMAND`: the commands of k2d's image, on this machine and with the settings of `npm start`. */

Object.assign(process.env, userSettings(process.env, process.getuid?.() ?? 0));
await import('../src/main.ts');
