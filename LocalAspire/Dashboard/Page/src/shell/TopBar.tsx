import { useLive } from "../api/useLive.js";
import { useLinks } from "../routing/useRoute.js";
import { Glyph, Mark } from "./icons.js";
import { RangePicker } from "./RangePicker.js";
import { RunPicker } from "./RunPicker.js";
import { SearchBox } from "./SearchBox.js";
import { openShortcuts } from "./Shortcuts.js";
import { changeTheme, useTheme } from "./theme.js";

const connections = { connecting: "Connecting", open: "Live", lost: "Stopped" } as const;

export function TopBar() {
  const link = useLinks();
  const theme = useTheme();
  const name = useLive((now) => now.settings?.applicationName);
  const connection = useLive((now) => now.connection);
  return (
    <header className="topbar">
      <a className="brand" href={link("/")}>
        <Mark />
        <span>{name ?? "Dashboard"}</span>
      </a>
      <SearchBox />
      <div className="topbar-end">
        <RangePicker />
        <RunPicker />
        <span className={`connection connection-${connection}`} role="status">
          <i aria-hidden="true" />
          <span>{connections[connection]}</span>
        </span>
        <button type="button" className="icon-button" onClick={changeTheme} aria-label={`Colours: ${theme}. Change`} title={`Colours: ${theme} (t)`}>
          <Glyph name="theme" />
        </button>
        <button type="button" className="icon-button wide-only" onClick={openShortcuts} aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">
          <Glyph name="keys" />
        </button>
      </div>
    </header>
  );
}
