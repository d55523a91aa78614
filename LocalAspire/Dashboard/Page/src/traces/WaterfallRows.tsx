import { duration } from "../format.js";
import { useHue } from "../hue.js";
import { shortLevels } from "../logs/LogLine.js";
import { changedAddress } from "../routing/route.js";
import { useLinks, useRoute } from "../routing/useRoute.js";
import { barOf, type Zoom } from "./timeScale.js";
import { atUs, isProblem, type SpanNode, type WaterfallRow } from "./waterfall.js";

interface SpanProps {
  readonly node: SpanNode;
  readonly isClosed: boolean;
  readonly view: Zoom;
  readonly zeroMs: number;
  readonly onToggle: (key: string) => void;
}

const deepest = 14;

export function SpanRowLine({ node, isClosed, view, zeroMs, onToggle }: SpanProps) {
  const { span, children } = node;
  const { query } = useRoute();
  const hue = useHue();
  const bar = barOf(span.startUs, span.durationUs, view);
  const isJoined = span.joinedTo !== undefined;
  const isBad = span.status === "Error";
  const hidden = isClosed ? node.errors - (isBad ? 1 : 0) : 0;
  const label = duration(span.durationUs / 1000);
  return (
    <div className={`span-line ${isBad ? "span-bad" : ""}`} data-key={node.key}>
      <div className="span-name" style={{ paddingInlineStart: `${Math.min(node.depth, deepest) * 0.75}rem` }}>
        {children.length > 0 ? (
          <button type="button" className="twist" aria-expanded={!isClosed} aria-label={`${isClosed ? "Expand" : "Collapse"} ${span.name}`} tabIndex={-1} onClick={() => onToggle(node.key)}>
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="m7.5 5 5 5-5 5" />
            </svg>
          </button>
        ) : (
          <i className="twist" />
        )}
        <i className={`stripe ${hue(span.resource)}`} aria-hidden="true" />
        <a className="stretched" data-main href={changedAddress(location.pathname, query, { span: span.spanId })} title={`${span.resource}: ${span.name}`}>
          {isBad && <b className="bad-mark">!</b>}
          <span className={`who ${hue(span.resource)}`}>{span.resource}</span> {isJoined && <span title="Joined by a link">⤳ </span>}
          {span.name}
        </a>
        {isClosed && <span className={`badge ${hidden > 0 ? "bad" : ""}`}>{hidden > 0 ? `${hidden} bad of ${node.count - 1}` : `+${node.count - 1}`}</span>}
      </div>
      <div className="span-time">
        {!bar.isOutside && (
          <>
            <span className={`bar ${hue(span.resource)} ${isBad ? "bar-bad" : ""} ${isJoined ? "bar-joined" : ""}`} style={{ left: `${bar.left}%`, width: `${bar.width}%` }} />
            <span className={`span-duration ${bar.left + bar.width > 80 ? "before" : ""}`} style={bar.left + bar.width > 80 ? { right: `${100 - bar.left}%` } : { left: `${bar.left + bar.width}%` }}>
              {label}
            </span>
          </>
        )}
        {node.logs.slice(0, 40).map((log) => {
          const at = atUs(log, zeroMs);
          const place = at === undefined ? undefined : ((at - view.fromUs) / Math.max(1, view.toUs - view.fromUs)) * 100;
          return place === undefined || place < 0 || place > 100 ? null : (
            <i key={log.id} className={`log-mark ${isProblem(log) ? `level-${log.level}` : ""}`} style={{ left: `${place}%` }} aria-hidden="true" />
          );
        })}
      </div>
    </div>
  );
}

export function LogRowLine({ row, view }: { readonly row: Extract<WaterfallRow, { kind: "log" }>; readonly view: Zoom }) {
  const link = useLinks();
  const { log } = row;
  const place = row.atUs === undefined ? -1 : ((row.atUs - view.fromUs) / Math.max(1, view.toUs - view.fromUs)) * 100;
  return (
    <div className={`span-line log-in-trace level-${log.level}`}>
      <div className="span-name" style={{ paddingInlineStart: `${Math.min(row.depth, deepest) * 0.75 + 1.4}rem` }}>
        <span className="level">{shortLevels[log.level] ?? log.level}</span>
        <a className="stretched" data-main href={link("/logs", { log: String(log.id), traceId: log.traceId, range: "", from: "", to: "" })} title={log.message}>
          {log.message}
        </a>
      </div>
      <div className="span-time">{place >= 0 && place <= 100 && <i className={`log-mark level-${log.level}`} style={{ left: `${place}%` }} />}</div>
    </div>
  );
}
