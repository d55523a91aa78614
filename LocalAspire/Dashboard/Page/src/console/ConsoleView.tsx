import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ConsoleLine } from "../api/wire.js";
import { clockTime, integer } from "../format.js";
import { useHue } from "../hue.js";
import { useNarrow } from "../lists/useNarrow.js";
import { Glyph } from "../shell/icons.js";
import { parseAnsi } from "./ansi.js";
import { Marked } from "./Marked.js";
import { lineAt, rowStarts } from "./rows.js";

const rowHeight = 20;
const spare = 8;
const side = 12;
const timeColumns = "12:34:56.789 ".length;
const nearEnd = 30;

interface Props {
  readonly lines: readonly ConsoleLine[];
  readonly filter: string;
  readonly showsNames: boolean;
  readonly wraps: boolean;
}

/** Follows the end until somebody scrolls up; then it stays where it is, and says how much has come since. */
export function ConsoleView({ lines, filter, showsNames, wraps }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600, columns: 80 });
  const [leftAt, setLeftAt] = useState<number>();
  const follows = useRef(true);
  const top = useRef(0);
  const showsTime = !useNarrow();
  const hue = useHue();
  const columns = wraps ? view.columns : undefined;
  const starts = useMemo(
    () => rowStarts(lines, columns, (line) => (showsTime ? timeColumns : 0) + (showsNames ? line.instance.length + 1 : 0)),
    [lines, columns, showsNames, showsTime],
  );
  const before = useRef({ lines, starts });

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => {
      top.current = element.scrollTop;
      setView(({ columns }) => ({ top: element.scrollTop, height: element.clientHeight, columns }));
      const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
      follows.current = isAtEnd;
      setLeftAt((before) => (isAtEnd ? undefined : (before ?? Number(element.dataset.last))));
    };
    const observer = new ResizeObserver(() => {
      if (follows.current) element.scrollTop = element.scrollHeight;
      measure();
      const columns = columnsOf(element);
      setView((before) => ({ ...before, columns }));
    });
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, []);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    // What is read stays where it is, also when old lines go out above it or all are broken anew.
    const old = before.current;
    const at = lineAt(old.starts, Math.floor(top.current / rowHeight));
    const now = follows.current ? -1 : lines.findIndex(({ n }) => n === old.lines[at]?.n);
    const moved = now < 0 ? 0 : (starts[now] ?? 0) - (old.starts[at] ?? 0);
    if (moved !== 0) element.scrollTop = top.current + moved * rowHeight;
    before.current = { lines, starts };
    if (follows.current) element.scrollTop = element.scrollHeight;
  }, [lines, starts]);

  const first = Math.max(0, lineAt(starts, Math.floor(view.top / rowHeight)) - spare);
  const last = lineAt(starts, Math.ceil((view.top + view.height) / rowHeight)) + spare;
  const fresh = leftAt === undefined ? 0 : lines.length - 1 - lastIndexUpTo(lines, leftAt);
  return (
    <div className="console-frame">
      {/* What scrolls must be reachable by keyboard. */}
      <div ref={scroller} className="console" data-last={lines.at(-1)?.n ?? 0} tabIndex={0} role="log" aria-label="Console output" aria-live="off">
        <div className="console-room" style={{ height: (starts.at(-1) ?? 0) * rowHeight }}>
          {lines.slice(first, last + 1).map((line, offset) => (
            <div
              key={line.n}
              className={`console-line ${columns === undefined ? "" : "wraps"}`}
              style={{ top: (starts[first + offset] ?? 0) * rowHeight, ...(columns !== undefined && { paddingInline: side, width: `calc(${columns}ch + ${2 * side + 1}px)` }) }}
            >
              {showsTime && <time dateTime={line.at}>{clockTime(line.at)}</time>}
              {showsTime && wraps && " "}
              {showsNames && <span className={`who ${hue(resourceOf(line.instance))}`}>{line.instance}</span>}
              {showsNames && wraps && " "}
              <span className="console-text">
                {parseAnsi(line.text).map((piece, index) => (
                  // Pieces of a line have no other identity than their place.
                  <span key={index} className={piece.classes || undefined} style={{ color: piece.color && `color-mix(in oklab, ${piece.color} 62%, var(--ink))`, background: piece.background }}>
                    <Marked text={piece.text} filter={filter} />
                  </span>
                ))}
              </span>
            </div>
          ))}
        </div>
      </div>
      {leftAt !== undefined && (
        <button type="button" className="pill console-end" onClick={() => scroller.current?.scrollTo({ top: scroller.current.scrollHeight })}>
          <Glyph name="down" />
          {fresh > 0 ? `${integer(fresh)} new` : "To the end"}
        </button>
      )}
    </div>
  );
}

/** How many characters of the console's font fit into a row. */
function columnsOf(element: HTMLElement): number {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return 80;
  context.font = getComputedStyle(element).font;
  return Math.max(20, Math.floor((element.clientWidth - 2 * side - 1) / context.measureText("0").width));
}

function lastIndexUpTo(lines: readonly ConsoleLine[], n: number): number {
  return lines.findLastIndex((line) => line.n <= n);
}

/** A replica has the colour of its resource: `web-2` that of `web`. */
function resourceOf(instance: string): string {
  return instance.replace(/-\d+$/, "");
}
