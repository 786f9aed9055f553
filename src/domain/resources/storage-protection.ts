// Finalizers that keep what is in use (kubernetes pkg/volume/util/finalizer.go).

export const claimProtection = 'kubernetes.io/pvc-protection';
export const volumeProtection = 'kubernetes.io/pv-protection';
