import { useRoute } from "../routing/useRoute.js";
import { useLive } from "./useLive.js";

/** The run that is looked at: `id` for questions, `undefined` for the one of now; `key` differs when everything is another. */
export function useRun(): { readonly id: string | undefined; readonly key: string; readonly isNow: boolean } {
  const chosen = useRoute().query.get("run") ?? undefined;
  const current = useLive((now) => now.settings?.run.id);
  return { id: chosen, key: chosen ?? current ?? "", isNow: chosen === undefined || chosen === current };
}
