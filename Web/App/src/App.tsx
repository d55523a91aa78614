import { useEffect, useRef } from "react";
import { Announcer } from "./Announcer.js";
import { ConnectionBadge, OfflineNote } from "./Connection.js";
import { usePage, useStore } from "./client.js";
import { Mark } from "./icons.js";
import { Account } from "./identity/Account.js";
import { RequestDetail } from "./requests/RequestDetail.js";
import { RequestList } from "./requests/RequestList.js";
import { useSelection } from "./selection.js";
import { StartPanel } from "./start/StartPanel.js";
import { useFileDrop } from "./start/useFileDrop.js";
import { TroubleNote } from "./TroubleNote.js";

export function App() {
  const requests = useStore(usePage().requests);
  const selected = useSelection();
  const main = useFocusOnChange(selected);
  const dragging = useFileDrop();
  return (
    <div className={selected ? "page has-selection" : "page"}>
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <header className="topbar">
        <a className="brand" href="#">
          <Mark />
          AspireFeedback
        </a>
        <div className="topbar-end">
          <Account />
          <ConnectionBadge />
        </div>
      </header>
      <OfflineNote />
      <nav className="side" aria-label="Your requests">
        <RequestList requests={requests} selected={selected} />
      </nav>
      <main className="content" id="main" ref={main} tabIndex={-1}>
        {selected ? <RequestDetail key={selected} id={selected} /> : <StartPanel dragging={dragging} />}
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

/** Moves the focus along with the content, but not on the first load, where it would skip the header. */
function useFocusOnChange(selected: string | undefined) {
  const main = useRef<HTMLElement>(null);
  const last = useRef(selected);
  useEffect(() => {
    if (last.current === selected) return;
    last.current = selected;
    main.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [selected]);
  return main;
}
