import { useMemo } from "react";
import type { Resource } from "../api/wire.js";
import { useHue } from "../hue.js";
import { useLinks } from "../routing/useRoute.js";
import { useNarrow } from "../lists/useNarrow.js";
import { layoutGraph } from "./graphLayout.js";
import { stateWords, toneOf } from "./states.js";

const onScreen = { wide: 168, high: 54, gapX: 84, gapY: 26, edge: 8, textX: 24, letters: 17 };
// From top to bottom: four beside each other fit on a phone. What is wider can be pushed aside.
const onPhone = { wide: 83, high: 46, gapX: 5, gapY: 48, edge: 2, textX: 14, letters: 11 };

export function ResourceGraph({ resources, selected }: { readonly resources: readonly Resource[]; readonly selected: string | undefined }) {
  const link = useLinks();
  const hue = useHue();
  const isNarrow = useNarrow();
  const { wide, high, gapX, gapY, edge, textX, letters } = isNarrow ? onPhone : onScreen;
  const graph = useMemo(() => layoutGraph(resources), [resources]);
  const spots = new Map(graph.nodes.map(({ name, column, row }) => [name, { x: (isNarrow ? row : column) * (wide + gapX) + edge, y: (isNarrow ? column : row) * (high + gapY) + edge }]));
  const width = (isNarrow ? graph.rows : graph.columns) * (wide + gapX) - gapX + 2 * edge;
  const height = (isNarrow ? graph.columns : graph.rows) * (high + gapY) - gapY + 2 * edge;
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  return (
    <div className="table-frame graph-frame">
      <svg className="graph" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="group" aria-label="What refers to what">
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0.8 7 4 0 7.2Z" />
          </marker>
        </defs>
        {graph.edges.map(({ from, to, isReference }) => {
          const a = spots.get(from);
          const b = spots.get(to);
          if (!a || !b) return null;
          const [x1, y1, x2, y2] = isNarrow ? [a.x + wide / 2, a.y + high, b.x + wide / 2, b.y - 2] : [a.x + wide, a.y + high / 2, b.x - 2, b.y + high / 2];
          const [bendX, bendY] = isNarrow ? [0, gapY * 0.6] : [gapX * 0.6, 0];
          const isLit = selected === from || selected === to;
          return (
            <path
              key={`${from} ${to}`}
              className={`edge ${isReference ? "" : "edge-waits"} ${isLit ? "edge-lit" : ""}`}
              d={`M${x1} ${y1}C${x1 + bendX} ${y1 + bendY} ${x2 - bendX} ${y2 - bendY} ${x2} ${y2}`}
              markerEnd="url(#arrow)"
            >
              <title>{`${from} ${isReference ? "refers to" : "waits for"} ${to}`}</title>
            </path>
          );
        })}
        {graph.nodes.map(({ name }) => {
          const spot = spots.get(name);
          const resource = byName.get(name);
          if (!spot || !resource) return null;
          const words = stateWords(resource.state, resource.health);
          const times = resource.instances.length > 1 ? ` × ${resource.instances.length}` : "";
          return (
            <a key={name} href={link(`/resources/${encodeURIComponent(name)}`, { view: "graph" })} className={`node ${name === selected ? "selected" : ""}`}>
              <g transform={`translate(${spot.x} ${spot.y})`}>
                <rect width={wide} height={high} rx="10" />
                {name.length > letters - times.length && <title>{name}</title>}
                <rect className={`node-stripe ${hue(name)}`} width={isNarrow ? 3 : 5} height={high - 20} x={isNarrow ? 5 : 9} y="10" rx="2.5" />
                <text className="node-name" x={textX} y={high / 2 - 4}>
                  {/* The space parts it from the state for whoever has it read out. */}
                  {`${cut(name, letters - times.length)}${times} `}
                </text>
                <circle className={`tone-${toneOf(resource.state, resource.health)}`} cx={textX + 4} cy={high / 2 + 11} r="4" />
                <text className="node-state" x={textX + (isNarrow ? 11 : 14)} y={high / 2 + 15}>
                  {isNarrow ? words.replace(/^.*, /, "") : words}
                </text>
              </g>
            </a>
          );
        })}
      </svg>
      <p className="fine">An arrow leads from a resource to what it refers to; a dashed one to what it only waits for.</p>
    </div>
  );
}

function cut(name: string, letters: number): string {
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
}
