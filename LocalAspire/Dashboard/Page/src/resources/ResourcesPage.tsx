import { useCallback } from "react";
import { useLive } from "../api/useLive.js";
import { navigate, useFilter, useLinks, useRoute } from "../routing/useRoute.js";
import { Empty, Loading } from "../shell/States.js";
import { ResourceDrawer } from "./ResourceDrawer.js";
import { ResourceGraph } from "./ResourceGraph.js";
import { ResourceTable } from "./ResourceTable.js";
import { needsSomebody } from "./states.js";

export function ResourcesPage({ selected }: { readonly selected: string | undefined }) {
  const { query } = useRoute();
  const filter = useFilter();
  const link = useLinks();
  const resources = useLive((now) => now.resources);
  const connection = useLive((now) => now.connection);
  const view = query.get("view") === "graph" ? "graph" : "table";
  const chosen = resources?.find(({ name, instances }) => name === selected || instances.some(({ id }) => id === selected));
  const close = useCallback(() => navigate(link("/", { view: view === "graph" ? view : "" })), [link, view]);
  const troubled = resources?.filter(needsSomebody).length ?? 0;
  return (
    <div className="page">
      <div className="page-head">
        <h1>Resources</h1>
        {resources && <span className="matched">{resources.length}</span>}
        {troubled > 0 && <span className="badge bad">{troubled === 1 ? "1 needs you" : `${troubled} need you`}</span>}
        <div className="page-tools segmented" role="group" aria-label="View">
          {(["table", "graph"] as const).map((name) => (
            <button key={name} type="button" aria-pressed={view === name} onClick={() => filter({ view: name === "graph" ? name : "" })}>
              {name === "table" ? "Table" : "Graph"}
            </button>
          ))}
        </div>
      </div>
      {!resources && connection !== "lost" && <Loading what="the resources" />}
      {!resources && connection === "lost" && <Empty title="The AppHost does not answer" />}
      {resources && (
        <div className={`split ${chosen ? "with-drawer" : ""}`}>
          {view === "graph" ? <ResourceGraph resources={resources} selected={chosen?.name} /> : <ResourceTable resources={resources} selected={chosen?.name} />}
          {chosen && <ResourceDrawer key={chosen.name} resource={chosen} onClose={close} />}
          {selected && !chosen && <Empty title={`There is no resource ${selected}`} />}
        </div>
      )}
    </div>
  );
}
