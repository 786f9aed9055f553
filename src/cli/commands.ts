import type { Command } from './command.ts';

/** Each is loaded when it is asked for: the server never reads the others from disk. */
export type CommandEntry = { summary: string; load: () => Promise<Command> };

/** The commands of `k2d`, by name, in the order of the help text. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  serve: {
    summary: "run the API server and the kubelet (the container's own command)",
    load: async () => (await import('./serve-command.ts')).serveCommand,
  },
  status: {
    summary: 'engine, data plane, objects, memory and problems of the k2d that runs here',
    load: async () => (await import('./status.ts')).statusCommand,
  },
  doctor: {
    summary: 'check this host, and say what to do',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  kubeconfig: {
    summary: 'print a kubeconfig: of the administrator, or of a named user',
    load: async () => (await import('./kubeconfig-command.ts')).kubeconfigCommand,
  },
  backup: {
    summary: 'write objects, authority and keys as one tar, while k2d runs',
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  restore: {
    summary: 'bring this device to the state of a backup',
    load: async () => (await import('./restore.ts')).restoreCommand,
  },
  reset: {
    summary: 'remove all that k2d made on this device',
    load: async () => (await import('./reset.ts')).resetCommand,
  },
  'images import': {
    summary: 'load images from a tar into the engine',
    load: async () => (await import('./images-import.ts')).imagesImportCommand,
  },
  completion: {
    summary: 'print the completion for bash, zsh or fish',
    load: async () => (await import('./completion.ts')).completionCommand,
  },
  version: {
    summary: 'print the version of the Kubernetes API',
    load: async () => (await import('./print-version.ts')).versionCommand,
  },
};
