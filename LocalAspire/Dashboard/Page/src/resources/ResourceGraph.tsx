import { useMemo } from "react";
import type { Resource } from "../api/wire.js";
import { useHue } from "../hue.js";
import { useLinks } from "../routing/useRoute.js";
import { layoutGraph } from "./graphLayout.js";
import { stateWords, toneOf } from "./states.js";

const wide = 168;
const high = 54;
const gapX = 84;
const gapY = 26;

export function ResourceGraph({ resources, selected }: { readonly resources: readonly Resource[]; readonly selected: string | undefined }) {
  const link = useLinks();
  const hue = useHue();
  const graph = useMemo(() => layoutGraph(resources), [resources]);
  const spots = new Map(graph.nodes.map(({ name, column, row }) => [name, { x: column * (wide + gapX) + 8, y: row * (high + gapY) + 8 }]));
  const width = graph.columns * (wide + gapX) - gapX + 16;
  const height = graph.rows * (high + gapY) - gapY + 16;
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
          const [x1, y1, x2, y2] = [a.x + wide, a.y + high / 2, b.x - 2, b.y + high / 2];
          const isLit = selected === from || selected === to;
          return (
            <path
              key={`${from} ${to}`}
              className={`edge ${isReference ? "" : "edge-waits"} ${isLit ? "edge-lit" : ""}`}
              d={`M${x1} ${y1}C${x1 + gapX * 0.6} ${y1} ${x2 - gapX * 0.6} ${y2} ${x2} ${y2}`}
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
          return (
            <a key={name} href={link(`/resources/${encodeURIComponent(name)}`, { view: "graph" })} className={`node ${name === selected ? "selected" : ""}`}>
              <g transform={`translate(${spot.x} ${spot.y})`}>
                <rect width={wide} height={high} rx="10" />
                <rect className={`node-stripe ${hue(name)}`} width="5" height={high - 20} x="9" y="10" rx="2.5" />
                <text className="node-name" x="24" y="23">
                  {/* The space parts it from the state for whoever has it read out. */}
                  {`${name}${resource.instances.length > 1 ? ` × ${resource.instances.length}` : ""} `}
                </text>
                <circle className={`tone-${toneOf(resource.state, resource.health)}`} cx="28" cy="38" r="4" />
                <text className="node-state" x="38" y="42">
                  {words}
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
