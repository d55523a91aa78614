export interface GraphNode {
  readonly name: string;
  readonly column: number;
  readonly row: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly isReference: boolean;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly columns: number;
  readonly rows: number;
}

interface Vertex {
  readonly name: string;
  readonly references: readonly string[];
  readonly waitsFor: readonly string[];
}

/** In columns: everything stands right of what refers to it, as near as can be. Circles are cut where they close. */
export function layoutGraph(vertices: readonly Vertex[]): Graph {
  const known = new Map(vertices.map((vertex) => [vertex.name, vertex]));
  const edges = vertices.flatMap(({ name, references, waitsFor }) =>
    [...new Set([...references, ...waitsFor])].filter((to) => to !== name && known.has(to)).map((to) => ({ from: name, to, isReference: references.includes(to) })),
  );
  const depths = new Map<string, number>();
  const depth = (name: string, path: ReadonlySet<string>): number => {
    const done = depths.get(name);
    if (done !== undefined) return done;
    const above = edges.filter((edge) => edge.to === name && !path.has(edge.from));
    const value = above.reduce((most, edge) => Math.max(most, 1 + depth(edge.from, new Set([...path, edge.from]))), 0);
    depths.set(name, value);
    return value;
  };
  for (const { name } of vertices) depth(name, new Set([name]));
  const columns = vertices.length === 0 ? 0 : Math.max(...depths.values()) + 1;
  const grid = Array.from({ length: columns }, (_, column) => vertices.filter(({ name }) => depths.get(name) === column).map(({ name }) => name));
  sortByNeighbours(grid, edges);
  const rows = Math.max(0, ...grid.map((column) => column.length));
  const nodes = grid.flatMap((names, column) => names.map((name, row) => ({ name, column, row: row + (rows - names.length) / 2 })));
  return { nodes, edges, columns, rows };
}

/** Each column in the order of what its members refer to or are referred to by: fewer crossings. */
function sortByNeighbours(grid: string[][], edges: readonly GraphEdge[]) {
  const placeOf = () => new Map(grid.flatMap((names) => names.map((name, row) => [name, row / Math.max(1, names.length)] as const)));
  for (let pass = 0; pass < 4; pass++) {
    const places = placeOf();
    for (const names of grid) {
      const wish = (name: string) => {
        const near = edges.filter(({ from, to }) => from === name || to === name).map(({ from, to }) => places.get(from === name ? to : from) ?? 0);
        return near.length === 0 ? (places.get(name) ?? 0) : near.reduce((sum, place) => sum + place, 0) / near.length;
      };
      const wishes = new Map(names.map((name) => [name, wish(name)]));
      names.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
    }
  }
}
