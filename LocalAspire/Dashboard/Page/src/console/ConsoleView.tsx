import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ConsoleLine } from "../api/wire.js";
import { clockTime, integer } from "../format.js";
import { useHue } from "../hue.js";
import { rowsInView } from "../lists/rowsInView.js";
import { Glyph } from "../shell/icons.js";
import { parseAnsi } from "./ansi.js";
import { Marked } from "./Marked.js";

const rowHeight = 20;
const nearEnd = 30;

interface Props {
  readonly lines: readonly ConsoleLine[];
  readonly filter: string;
  readonly showsNames: boolean;
}

/** Follows the end until somebody scrolls up; then it stays where it is, and says how much has come since. */
export function ConsoleView({ lines, filter, showsNames }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [leftAt, setLeftAt] = useState<number>();
  const follows = useRef(true);
  const before = useRef(lines);
  const hue = useHue();
  const last = lines.at(-1)?.n ?? 0;

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => {
      setView({ top: element.scrollTop, height: element.clientHeight });
      const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
      follows.current = isAtEnd;
      setLeftAt((before) => (isAtEnd ? undefined : (before ?? Number(element.dataset.last))));
    };
    const observer = new ResizeObserver(() => {
      if (follows.current) element.scrollTop = element.scrollHeight;
      measure();
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
    // Old lines that went out above do not move those that are read.
    const gone = before.current.findIndex(({ n }) => n === lines[0]?.n);
    if (gone > 0 && !follows.current) element.scrollTop -= gone * rowHeight;
    before.current = lines;
    if (follows.current) element.scrollTop = element.scrollHeight;
  }, [lines]);

  const rows = rowsInView(view.top, view.height, rowHeight, lines.length);
  const fresh = leftAt === undefined ? 0 : lines.length - 1 - lastIndexUpTo(lines, leftAt);
  return (
    <div className="console-frame">
      {/* What scrolls must be reachable by keyboard. */}
      <div ref={scroller} className="console" data-last={last} tabIndex={0} role="log" aria-label="Console output" aria-live="off">
        <div className="console-room" style={{ height: lines.length * rowHeight }}>
          {lines.slice(rows.first, rows.last + 1).map((line, offset) => (
            <div key={line.n} className="console-line" style={{ top: (rows.first + offset) * rowHeight }}>
              <time dateTime={line.at}>{clockTime(line.at)}</time>
              {showsNames && <span className={`who ${hue(resourceOf(line.instance))}`}>{line.instance}</span>}
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

function lastIndexUpTo(lines: readonly ConsoleLine[], n: number): number {
  return lines.findLastIndex((line) => line.n <= n);
}

/** A replica has the colour of its resource: `web-2` that of `web`. */
function resourceOf(instance: string): string {
  return instance.replace(/-\d+$/, "");
}
