import type { KeyboardEvent } from "react";

/** Arrows walk through the links of a list, so that nobody has to press Tab three hundred times; Tab leaves it as ever. */
export function walkWithArrows(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("a[href]")];
  const next = target(event.key, links.indexOf(document.activeElement as HTMLElement), links.length);
  if (next === undefined) return;
  event.preventDefault();
  links[next]?.focus();
}

function target(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, count - 1);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
