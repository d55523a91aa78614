import { useEffect, useRef } from "react";
import { isTyping } from "../shell/Shortcuts.js";
import type { SpanNode } from "./waterfall.js";

interface Keys {
  readonly selected: SpanNode | undefined;
  readonly errors: readonly SpanNode[];
  readonly onReveal: (node: SpanNode) => void;
  readonly onToggle: (key: string, shut?: boolean) => void;
  readonly onZoom: () => void;
  readonly onWhole: () => void;
}

export function useTraceKeys(keys: Keys) {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const { selected, errors, onReveal, onToggle, onZoom, onWhole } = latest.current;
      const focused = document.activeElement?.closest<HTMLElement>("[data-key]")?.dataset.key;
      const key = focused ?? selected?.key;
      if (event.key === "e" || event.key === "E") {
        const next = neighbour(errors, selected, event.key === "e" ? 1 : -1);
        if (next) onReveal(next);
      } else if (event.key === "ArrowLeft" && key) onToggle(key, true);
      else if (event.key === "ArrowRight" && key) onToggle(key, false);
      else if (event.key === "z") onZoom();
      else if (event.key === "0") onWhole();
      else if (event.key === "f") document.getElementById("find-in-trace")?.focus();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** The one after (or before) the selected one, round and round. */
export function neighbour(nodes: readonly SpanNode[], selected: SpanNode | undefined, step: 1 | -1): SpanNode | undefined {
  const at = nodes.findIndex(({ key }) => key === selected?.key);
  if (at < 0) return step > 0 ? nodes[0] : nodes.at(-1);
  return nodes[(at + step + nodes.length) % nodes.length];
}
