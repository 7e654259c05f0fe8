/** Work by key: a few keys at once, each only once at a time; asked for again meanwhile, it is done once more. */
export interface Turns {
  ask(key: string): void;
  isBusy(): boolean;
  /** Waits until nothing is asked for. */
  idle(): Promise<void>;
  stop(): void;
}

/** `work` must not throw. `most`: how many keys at once. */
export function openTurns(work: (key: string) => Promise<void>, most: number): Turns {
  const asked = new Set<string>();
  const active = new Map<string, Promise<void>>();
  let isStopped = false;
  const begin = (): void => {
    for (const key of asked) {
      if (isStopped || active.size >= most) return;
      if (active.has(key)) continue;
      asked.delete(key);
      const turn = work(key).finally(() => {
        active.delete(key);
        begin();
      });
      active.set(key, turn);
    }
  };
  return {
    ask(key) {
      asked.add(key);
      begin();
    },
    isBusy: () => active.size > 0,
    async idle() {
      while (active.size > 0) await Promise.all(active.values());
    },
    stop() {
      isStopped = true;
      asked.clear();
    },
  };
}
