import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const order: readonly Theme[] = ["system", "light", "dark"];
const key = "dashboard-theme";
const listeners = new Set<() => void>();

export function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(key);
    return order.find((theme) => theme === kept) ?? "system";
  } catch {
    // A browser that keeps nothing shows what the system has.
    return "system";
  }
}

export function applyTheme() {
  const theme = readTheme();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function changeTheme() {
  const next = order[(order.indexOf(readTheme()) + 1) % order.length] ?? "system";
  try {
    localStorage.setItem(key, next);
  } catch {
    return;
  }
  applyTheme();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, readTheme);
}
