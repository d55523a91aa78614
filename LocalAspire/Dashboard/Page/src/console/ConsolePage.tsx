import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { query as write } from "../api/call.js";
import { useLive } from "../api/useLive.js";
import { useRun } from "../api/useRun.js";
import { integer } from "../format.js";
import { FilterText } from "../lists/FilterText.js";
import { navigate, useLinks, useRoute } from "../routing/useRoute.js";
import { Glyph } from "../shell/icons.js";
import { isTyping } from "../shell/Shortcuts.js";
import { Empty, Loading, Trouble } from "../shell/States.js";
import { ConsoleView } from "./ConsoleView.js";
import { narrow } from "./lines.js";
import { useConsole } from "./useConsole.js";
import { useWrap } from "./useWrap.js";

export function ConsolePage({ resource }: { readonly resource: string | undefined }) {
  const { query } = useRoute();
  const link = useLinks();
  const run = useRun();
  const resources = useLive((now) => now.resources) ?? [];
  const [isPaused, setPaused] = useState(false);
  const { lines, dropped, waiting, error } = useConsole(resource, run.isNow ? undefined : run.id, isPaused);
  const filter = useDeferredValue(query.get("text") ?? "");
  const shown = useMemo(() => narrow(lines ?? [], filter), [lines, filter]);
  const [wraps, changeWrap] = useWrap();
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      if (event.key === "p") setPaused((before) => !before);
      else if (event.key === "w") changeWrap();
      else if (event.key === "f") field.current?.focus();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [changeWrap]);

  const choices = resources.flatMap(({ name, instances }) => [name, ...(instances.length > 1 ? instances.map(({ id }) => id) : [])]);
  return (
    <div className="page">
      <div className="page-head">
        <h1>Console</h1>
        {lines && <span className="matched">{filter ? `${integer(shown.length)} of ${integer(lines.length)}` : integer(lines.length)}</span>}
        <div className="filters" role="search" aria-label="Filter the console">
          <select
            className="select"
            aria-label="Resource"
            value={resource ?? ""}
            onChange={(event) => navigate(link(event.target.value ? `/console/${encodeURIComponent(event.target.value)}` : "/console", { text: query.get("text") ?? "" }))}
          >
            <option value="">All resources</option>
            {[...choices, ...(resource && !choices.includes(resource) ? [resource] : [])].map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
          <FilterText ref={field} name="text" label="Text in the console" />
        </div>
        <div className="page-tools">
          <button type="button" className="icon-button" aria-pressed={wraps} onClick={changeWrap} aria-label="Wrap long lines" title="Wrap long lines (w)">
            <Glyph name="wrap" />
          </button>
          {run.isNow && (
            <button type="button" className="button small" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)} title={isPaused ? "Go on (p)" : "Pause (p)"}>
              <Glyph name={isPaused ? "play" : "pause"} />
              {isPaused ? (waiting > 0 ? `Go on, ${integer(waiting)} new` : "Go on") : "Pause"}
            </button>
          )}
          <a className="icon-button" href={`/api/console/download${write({ resource, run: run.id })}`} download aria-label="Download the console" title="Download the console">
            <Glyph name="download" />
          </a>
        </div>
      </div>
      <Trouble error={error} />
      {dropped > 0 && <p className="fine console-dropped">{integer(dropped)} older lines are no longer kept.</p>}
      {!lines && !error && <Loading what="the console" />}
      {lines && shown.length === 0 && <Empty title={filter ? "No line fits" : "Nothing written yet"} />}
      {shown.length > 0 && <ConsoleView lines={shown} filter={filter} wraps={wraps} showsNames={resource === undefined || resources.some(({ name, instances }) => name === resource && instances.length > 1)} />}
    </div>
  );
}
