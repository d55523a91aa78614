import { type ReactNode, useEffect, useRef } from "react";
import { Glyph } from "./icons.js";
import { isTyping } from "./Shortcuts.js";

/** Beside the list on a wide screen, over it on a narrow one; Escape closes it, and the focus goes back to where it was. */
export function Drawer({ title, onClose, children }: { readonly title: ReactNode; readonly onClose: () => void; readonly children: ReactNode }) {
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    const from = document.activeElement;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !isTyping(event)) close.current();
    };
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
      // Only a focus that went away with the drawer: whoever has opened the next row is on that one.
      if (document.activeElement === document.body && from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside className="drawer" aria-label="Details">
      <div className="drawer-head">
        <h2>{title}</h2>
        <button type="button" className="icon-button" onClick={onClose} aria-label="Close the details" title="Close (Esc)">
          <Glyph name="close" />
        </button>
      </div>
      <div className="drawer-body">{children}</div>
    </aside>
  );
}
