export interface BackoffPolicy {
  readonly baseMs: number;
  readonly capMs: number;
}

export const defaultBackoff: BackoffPolicy = { baseMs: 500, capMs: 30_000 };

/**
 * Full jitter: anywhere between nothing and base · 2^attempt, so that clients which lost the same server do not return together.
 * What the server asked for in Retry-After is a floor; the jitter then comes on top of it.
 */
export function backoffDelay(attempt: number, random: number, policy: BackoffPolicy = defaultBackoff, retryAfterMs = 0): number {
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(retryAfterMs + ceiling * random);
}
