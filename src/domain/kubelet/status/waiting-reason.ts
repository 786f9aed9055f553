/** Why a container does not run yet: ContainerCreating, ErrImagePull, CreateContainerConfigError … */
export type WaitingReason = { reason: string; message?: string };
