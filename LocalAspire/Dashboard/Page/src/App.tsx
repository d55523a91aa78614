import { Suspense, useEffect, useRef } from "react";
import { useLive } from "./api/useLive.js";
import { ResourcesPage } from "./resources/ResourcesPage.js";
import type { Page, Route } from "./routing/route.js";
import { useLinks, useRoute } from "./routing/useRoute.js";
import { Boundary } from "./shell/Boundary.js";
import { later } from "./shell/later.js";
import { Navigation } from "./shell/Navigation.js";
import { Notices } from "./shell/Notices.js";
import { Shortcuts } from "./shell/Shortcuts.js";
import { Empty, Loading } from "./shell/States.js";
import { TopBar } from "./shell/TopBar.js";
import { Totals } from "./shell/Totals.js";

// Each page comes when it is first opened.
const ConsolePage = later(async () => (await import("./console/ConsolePage.js")).ConsolePage);
const LogsPage = later(async () => (await import("./logs/LogsPage.js")).LogsPage);
const MetricsPage = later(async () => (await import("./metrics/MetricsPage.js")).MetricsPage);
const SearchPage = later(async () => (await import("./search/SearchPage.js")).SearchPage);
const TracePage = later(async () => (await import("./traces/TracePage.js")).TracePage);
const TracesPage = later(async () => (await import("./traces/TracesPage.js")).TracesPage);

const titles: Record<Page, string> = {
  resources: "Resources",
  console: "Console",
  logs: "Logs",
  traces: "Traces",
  metrics: "Metrics",
  search: "Search",
  nowhere: "Nothing here",
};

export function App() {
  const route = useRoute();
  const name = useLive((now) => now.settings?.applicationName);
  const main = useRef<HTMLElement>(null);
  const place = `${route.page}/${route.page === "resources" ? "" : (route.name ?? "")}`;
  const shown = useRef(place);

  useEffect(() => {
    document.title = [titles[route.page], name ?? "Dashboard"].join(" · ");
  }, [route.page, name]);
  useEffect(() => {
    if (shown.current === place) return;
    shown.current = place;
    // Who types into the search box goes on typing there.
    if (!(document.activeElement instanceof HTMLInputElement)) main.current?.focus({ preventScroll: true });
  }, [place]);

  return (
    <div className="app">
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <TopBar />
      <Navigation page={route.page} />
      <main className={`main main-${route.page}`} id="main" ref={main} tabIndex={-1}>
        <Notices />
        <Boundary key={place}>
          <Suspense fallback={<Loading what="the page" />}>
            <Shown route={route} />
          </Suspense>
        </Boundary>
      </main>
      <Totals />
      <Shortcuts />
    </div>
  );
}

function Shown({ route }: { readonly route: Route }) {
  switch (route.page) {
    case "resources":
      return <ResourcesPage selected={route.name} />;
    case "console":
      return <ConsolePage resource={route.name} />;
    case "logs":
      return <LogsPage />;
    case "traces":
      return route.name === undefined ? <TracesPage /> : <TracePage traceId={route.name} />;
    case "metrics":
      return <MetricsPage />;
    case "search":
      return <SearchPage />;
    case "nowhere":
      return <Nowhere />;
  }
}

function Nowhere() {
  const link = useLinks();
  return (
    <Empty title="There is no such page" isPage>
      <p>
        <a href={link("/")}>The resources</a> are a good place to begin.
      </p>
    </Empty>
  );
}
