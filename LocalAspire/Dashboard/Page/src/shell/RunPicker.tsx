import { useCallback, useEffect, useState } from "react";
import { get } from "../api/call.js";
import { useLive } from "../api/useLive.js";
import type { Run } from "../api/wire.js";
import { bytes, dayTime } from "../format.js";
import { useFilter, useRoute } from "../routing/useRoute.js";

/** Telemetry outlives the AppHost: earlier runs can be looked at again. Read anew whenever somebody is about to choose. */
export function RunPicker() {
  const { query } = useRoute();
  const filter = useFilter();
  const current = useLive((now) => now.settings?.run.id);
  const [runs, setRuns] = useState<readonly Run[]>([]);
  const load = useCallback(() => {
    // Without the list there is still the run of now; that the AppHost is gone is said elsewhere.
    get<{ runs: readonly Run[] }>("/api/runs").then(
      ({ runs: found }) => setRuns(found),
      () => undefined,
    );
  }, []);
  useEffect(load, [load, current]);

  const chosen = query.get("run") ?? "";
  return (
    <select className="select run-picker" aria-label="Run" value={chosen} onFocus={load} onChange={(event) => filter({ run: event.target.value })}>
      <option value="">This run</option>
      {chosen !== "" && !runs.some(({ id }) => id === chosen) && <option value={chosen}>A run that is gone</option>}
      {runs
        .filter((run) => !run.current)
        .map((run) => (
          <option key={run.id} value={run.id}>
            {`${dayTime(run.startedAt)}, ${bytes(run.bytes)}`}
          </option>
        ))}
    </select>
  );
}
