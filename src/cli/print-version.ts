import { kubernetesVersion } from '../version.ts';
import type { Command } from './command.ts';

export const versionCommand: Command = {
  about: 'Prints the version of the Kubernetes API that k2d speaks.',
  run: async () => {
    process.stdout.write(`k2d for Kubernetes ${kubernetesVersion.gitVersion}\n`);
    return 0;
  },
};
