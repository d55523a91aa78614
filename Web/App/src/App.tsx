import { useRef } from "react";
import { Announcer } from "./Announcer.js";
import { ConnectionBadge, OfflineNote } from "./Connection.js";
import { usePage, useStore } from "./client.js";
import { Mark } from "./icons.js";
import { Account } from "./identity/Account.js";
import { RequestDetail } from "./requests/RequestDetail.js";
import { RequestList } from "./requests/RequestList.js";
import { ListSummary } from "./requests/ListSummary.js";
import { linkToStart, useSelection } from "./selection.js";
import { StartPanel } from "./start/StartPanel.js";
import { useFileDrop } from "./start/useFileDrop.js";
import { TabOfAll } from "./tab.js";
import { TroubleNote } from "./TroubleNote.js";
import { usePlace } from "./usePlace.js";
import { useStayOpen } from "./useStayOpen.js";

export function App() {
  const requests = useStore(usePage().requests);
  const selected = useSelection();
  const main = useRef<HTMLElement>(null);
  usePlace(selected, main);
  useStayOpen(requests);
  const dragging = useFileDrop();
  return (
    <div className={selected ? "page has-selection" : "page"}>
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <header className="topbar">
        <a className="brand" href={linkToStart}>
          <Mark />
          <span className="brand-name">AspireFeedback</span>
        </a>
        <div className="topbar-end">
          <Account />
          <ConnectionBadge />
        </div>
      </header>
      <OfflineNote />
      <nav className="side" id="requests" tabIndex={-1} aria-label="Your requests">
        <RequestList requests={requests} selected={selected} />
      </nav>
      <main className="content" id="main" ref={main} tabIndex={-1}>
        {selected ? (
          <RequestDetail key={selected} id={selected} />
        ) : (
          <>
            <TabOfAll requests={requests} />
            <ListSummary requests={requests} />
            <StartPanel dragging={dragging} />
          </>
        )}
      </main>
      {dragging && selected && (
        <div className="drop-veil" aria-hidden="true">
          <p>Drop it anywhere</p>
        </div>
      )}
      <TroubleNote />
      <Announcer requests={requests} />
    </div>
  );
}
