import { type RefObject, useEffect, useRef } from "react";
import { linkTo, linkToStart } from "./selection.js";

/**
 * Moves the focus and the view along with the content: to the top of what is opened, and back to the entry that one came from. Not on the first
 * load, where it would skip the header.
 */
export function usePlace(selected: string | undefined, main: RefObject<HTMLElement | null>): void {
  const shown = useRef(selected);
  const left = useRef(0);
  useEffect(() => {
    if (selected !== undefined) return;
    const keep = () => (left.current = scrollY);
    addEventListener("scroll", keep, { passive: true });
    return () => removeEventListener("scroll", keep);
  }, [selected]);
  useEffect(() => {
    const before = shown.current;
    if (before === selected) return;
    shown.current = selected;
    const entry = before === undefined || selected !== undefined || location.hash === linkToStart ? null : document.querySelector<HTMLElement>(`.rows a[href="${linkTo(before)}"]`);
    (entry ?? main.current)?.focus({ preventScroll: true });
    scrollTo({ top: selected !== undefined || location.hash === linkToStart ? 0 : left.current });
    // Opened by a link from elsewhere, it has no place to go back to but its own.
    entry?.scrollIntoView({ block: "nearest" });
  }, [selected, main]);
}
