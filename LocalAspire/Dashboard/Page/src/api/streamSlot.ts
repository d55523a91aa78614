// Of the six connections that a browser has for all windows of an origin, two stay free for what the windows ask.
export const slots = 4;

/** Whether one more stream may stay open in this browser. It may until the signal comes. */
export async function takeSlot(signal: AbortSignal): Promise<boolean> {
  const locks = globalThis.navigator?.locks;
  if (locks === undefined) return true;
  for (let slot = 0; slot < slots; slot++) if (await hold(locks, `dashboard-stream-${slot}`, signal)) return true;
  return false;
}

function hold(locks: LockManager, name: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const held = locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      if (lock === null || signal.aborted) return undefined;
      return new Promise<void>((release) => signal.addEventListener("abort", () => release(), { once: true }));
    });
    // A browser that refuses locks has no way to count its streams.
    held.catch(() => resolve(true));
  });
}
