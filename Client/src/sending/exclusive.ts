/** Runs `work` in one tab at a time. `elsewhere` is called when another tab has the turn and this one waits for it. */
export type Exclusive = (name: string, signal: AbortSignal, work: () => Promise<void>, elsewhere: () => void) => Promise<void>;

/**
 * Web Locks: the browser frees them when a tab closes or crashes, and the next one goes on.
 * Without them (not a secure context) every tab sends; the same id makes that safe, only wasteful.
 */
export const webLocks: Exclusive = async (name, signal, work, elsewhere) => {
  const locks = globalThis.navigator?.locks as LockManager | null | undefined;
  if (!locks) return await work();
  const taken = await locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock === null) return false;
    await work();
    return true;
  });
  if (taken) return;
  elsewhere();
  await locks.request(name, { signal }, work);
};
