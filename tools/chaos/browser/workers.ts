/** Counts the workers of a page: each is alive from its making to its terminate(), whoever calls it. */

const alive = new Set<Worker>();

/** From now on. Called once, before anything makes a worker. */
export function watchWorkers(): void {
  const { Worker: Plain } = globalThis;
  globalThis.Worker = class extends Plain {
    constructor(...args: ConstructorParameters<typeof Plain>) {
      super(...args);
      alive.add(this);
    }

    override terminate(): void {
      alive.delete(this);
      super.terminate();
    }
  };
}

export function aliveWorkers(): readonly Worker[] {
  return [...alive];
}
