/** Which engine objects belong to which pod: the engine's list, kept current by its events and by the kubelet's own calls. */
export class ContainerIndex {
  readonly #containers = new Map<string, Set<string>>();
  readonly #sandboxes = new Map<string, string>();

  /** Replaces everything by what the engine lists. */
  reset(
    containers: readonly { podUid: string; id: string }[],
    sandboxes: readonly { podUid: string; id: string }[],
  ): void {
    this.#containers.clear();
    this.#sandboxes.clear();
    for (const { podUid, id } of containers) this.addContainer(podUid, id);
    for (const { podUid, id } of sandboxes) this.addSandbox(podUid, id);
  }

  addContainer(podUid: string, id: string): void {
    const ids = this.#containers.get(podUid);
    if (ids) ids.add(id);
    else this.#containers.set(podUid, new Set([id]));
  }

  addSandbox(podUid: string, id: string): void {
    this.#sandboxes.set(podUid, id);
  }

  removeContainer(podUid: string, id: string): void {
    this.#containers.get(podUid)?.delete(id);
  }

  forgetPod(podUid: string): void {
    this.#containers.delete(podUid);
    this.#sandboxes.delete(podUid);
  }

  ofPod(podUid: string): { containerIds: string[]; sandboxId?: string } {
    const sandboxId = this.#sandboxes.get(podUid);
    return {
      containerIds: [...(this.#containers.get(podUid) ?? [])],
      ...(sandboxId === undefined ? {} : { sandboxId }),
    };
  }

  pods(): Set<string> {
    return new Set([...this.#containers.keys(), ...this.#sandboxes.keys()]);
  }
}
