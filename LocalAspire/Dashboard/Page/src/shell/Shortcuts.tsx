import { useEffect, useRef } from "react";
import { addressOf } from "../routing/route.js";
import { navigate } from "../routing/useRoute.js";
import { places } from "./Navigation.js";
import { changeTheme } from "./theme.js";

const opened = "dashboard-shortcuts";

export function openShortcuts() {
  dispatchEvent(new Event(opened));
}

const groups: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: "Everywhere",
    keys: [
      ["/", "Search everything"],
      ["1 … 5", "Resources, console, logs, traces, metrics"],
      ["t", "Light, dark, or as the system has it"],
      ["?", "This list"],
      ["Esc", "Close what is open"],
    ],
  },
  {
    title: "Lists",
    keys: [
      ["j  k  ↓  ↑", "Next and previous row"],
      ["Home  End", "First and last row"],
      ["Enter", "Open the row"],
      ["n", "Show what is new"],
    ],
  },
  {
    title: "Trace",
    keys: [
      ["← →", "Collapse and expand"],
      ["e  E", "Next and previous error"],
      ["z  0", "Zoom to the span, and back"],
      ["f", "Find in the trace"],
    ],
  },
  {
    title: "Console",
    keys: [
      ["p", "Pause and go on"],
      ["w", "Wrap long lines"],
      ["f", "Filter"],
    ],
  },
];

/** True when the key belongs to what is being typed into. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  return event.target instanceof HTMLElement && (event.target.matches("input:not([type=checkbox]), select, textarea") || event.target.closest("dialog") !== null);
}

export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const show = () => {
      dialog.current?.showModal();
      // The focus is on the button below: in a low window that had pushed the list out.
      dialog.current?.scrollTo({ top: 0 });
    };
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const place = places[Number(event.key) - 1];
      if (event.key === "/") document.getElementById("search")?.focus();
      else if (event.key === "?") show();
      else if (event.key === "t") changeTheme();
      else if (place) navigate(addressOf(place.path, {}, new URLSearchParams(location.search)));
      else return;
      event.preventDefault();
    };
    addEventListener(opened, show);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener(opened, show);
      removeEventListener("keydown", onKey);
    };
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="shortcuts-title" onClick={(event) => event.target === dialog.current && dialog.current.close()}>
      <div className="shortcuts">
        <h2 id="shortcuts-title">Keyboard</h2>
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, words]) => (
                <div key={key}>
                  <dt>
                    {key.split("  ").map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <form method="dialog">
          <button type="submit" className="button">
            Close
          </button>
        </form>
      </div>
    </dialog>
  );
}
