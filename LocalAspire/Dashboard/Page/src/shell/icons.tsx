const glyphs = {
  resources: "M4 4.5h12v4H4zM4 11.5h12v4H4zM6.5 6.5h.1M6.5 13.5h.1",
  console: "M3.5 4.5h13v11h-13zM6.5 8l2 2-2 2M10.5 12.5h3",
  logs: "M6.5 5h10M6.5 10h10M6.5 15h10M3.5 5h.1M3.5 10h.1M3.5 15h.1",
  traces: "M3 5h8M6 10h9M11 15h6",
  metrics: "M3.5 16V4M3.5 16h13M6.5 12.5l3-4 3 2.5 3.5-5",
  search: "M9 3.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 9 3.8ZM13 13l3.5 3.5",
  close: "m5.5 5.5 9 9M14.5 5.5l-9 9",
  open: "m7.5 5 5 5-5 5",
  down: "M10 4v11M5.5 11l4.5 4.5 4.5-4.5",
  pause: "M7 5v10M13 5v10",
  play: "M6.5 4.5v11l9-5.5z",
  wrap: "M3.5 5h13M3.5 10h10.5a2.5 2.5 0 0 1 0 5H11M13 13l-2 2 2 2M3.5 15h4",
  download: "M10 3.5v9M6 9.5l4 4 4-4M4 16.5h12",
  theme: "M10 3.5a6.5 6.5 0 1 0 6.5 6.5A5 5 0 0 1 10 3.5Z",
  keys: "M3 6h14v8H3zM6 9h.1M9 9h.1M12 9h.1M14 9h.1M7 11.7h6",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5ZM10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z",
  clear: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6",
  out: "M8 4.5H4.5v11h11V12M11 4.5h4.5V9M15 5l-6 6",
  error: "M10 6v4.6M10 13.6v.1M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4Z",
} as const;

export type GlyphName = keyof typeof glyphs;

export function Glyph({ name }: { readonly name: GlyphName }) {
  return (
    <svg className="glyph" viewBox="0 0 20 20" aria-hidden="true">
      <path d={glyphs[name]} />
    </svg>
  );
}

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M8 10h9M11 16h11M16 22h8" />
    </svg>
  );
}
