import type { Tone } from "./words.js";

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M22.6 10.2A9 9 0 1 0 25 16" />
      <path d="m12 16.2 3 3 6-6.4" />
    </svg>
  );
}

const shapes: Record<Tone, string> = {
  quiet: "M10 5.8V10l2.6 2",
  busy: "",
  good: "m6.4 10.3 2.5 2.5 4.8-5.3",
  held: "M8 7v6M12 7v6",
  bad: "M10 6v4.6M10 13.6v.1",
  ended: "M7 10h6",
};

/** One shape per tone; the words beside it say the same, so it is hidden from screen readers. */
export function ToneIcon({ tone }: { readonly tone: Tone }) {
  return (
    <svg className={`tone tone-${tone}`} viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="10" cy="10" r="8" />
      {tone === "busy" ? <path d="M10 2a8 8 0 0 1 8 8" /> : <path d={shapes[tone]} />}
    </svg>
  );
}

const glyphs = {
  upload: "M10 13V3.5M6 7l4-4 4 4M3.5 12.5v2a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2v-2",
  download: "M10 3.5V13M6 9l4 4 4-4M3.5 12.5v2a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2v-2",
  copy: "M7 7V4.5A1.5 1.5 0 0 1 8.5 3h7A1.5 1.5 0 0 1 17 4.5v7a1.5 1.5 0 0 1-1.5 1.5H13M4.5 7h7A1.5 1.5 0 0 1 13 8.5v7a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 3 15.5v-7A1.5 1.5 0 0 1 4.5 7Z",
  check: "m4 10.5 4 4 8-9",
  down: "M10 4v12M5 11l5 5 5-5",
  back: "M12 4.5 6.5 10l5.5 5.5",
  plus: "M10 4v12M4 10h12",
} as const;

export function Glyph({ name }: { readonly name: keyof typeof glyphs }) {
  return (
    <svg className="glyph" viewBox="0 0 20 20" aria-hidden="true">
      <path d={glyphs[name]} />
    </svg>
  );
}
