import type { PersistentVolume, PersistentVolumeClaim } from '../../meta/types.ts';
import type { EnvironmentSources } from '../environment/environment.ts';

export type ServiceAccountTokenRequest = { audience?: string; expirationSeconds: number };

export type VolumeSources = EnvironmentSources & {
  /** Mints a token bound to the pod; undefined while its service account is missing. */
  token(request: ServiceAccountTokenRequest): string | undefined;
  claim(name: string): PersistentVolumeClaim | undefined;
  persistentVolume(name: string): PersistentVolume | undefined;
};
