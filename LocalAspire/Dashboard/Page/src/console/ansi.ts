/** A piece of a line in one look: `classes` for the sixteen named colours, which fit both themes, `color` for any other. */
export interface Piece {
  readonly text: string;
  readonly classes: string;
  readonly color?: string;
  readonly background?: string;
}

interface Look {
  readonly front: string | undefined;
  readonly back: string | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

const plain: Look = { front: undefined, back: undefined, bold: false, dim: false, italic: false, underline: false, inverse: false };

// Sequences with parameters (colours are those that end with m), titles and links (OSC), and the short ones.
const sequence = /\x1b(?:\[([0-9;:?<=>]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g;
const others = /[\x00-\x08\x0b-\x1f\x7f]/g;

export function parseAnsi(line: string): readonly Piece[] {
  // Most lines have no colours.
  if (!line.includes("\x1b")) return [{ text: clean(line), classes: "" }];
  const pieces: Piece[] = [];
  let look = plain;
  let from = 0;
  const push = (text: string) => {
    const shown = clean(text);
    if (shown !== "") pieces.push({ text: shown, ...dress(look) });
  };
  for (const match of line.matchAll(sequence)) {
    push(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === "m") look = apply(look, match[1] ?? "");
  }
  push(line.slice(from));
  return pieces;
}

export function stripAnsi(line: string): string {
  return clean(line.includes("\x1b") ? line.replaceAll(sequence, "") : line);
}

function clean(text: string): string {
  return text.replaceAll(others, "");
}

function apply(before: Look, parameters: string): Look {
  const codes = parameters.split(/[;:]/).map(Number);
  let look = before;
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48) {
      const [color, used] = extended(codes, index + 1);
      look = { ...look, [code === 38 ? "front" : "back"]: color };
      index += used;
    } else look = { ...look, ...changes(code) };
  }
  return look;
}

function changes(code: number): Partial<Look> {
  if (code === 0) return plain;
  if (code === 1) return { bold: true };
  if (code === 2) return { dim: true };
  if (code === 3) return { italic: true };
  if (code === 4) return { underline: true };
  if (code === 7) return { inverse: true };
  if (code === 22) return { bold: false, dim: false };
  if (code === 23) return { italic: false };
  if (code === 24) return { underline: false };
  if (code === 27) return { inverse: false };
  if (code >= 30 && code <= 37) return { front: `${code - 30}` };
  if (code === 39) return { front: undefined };
  if (code >= 40 && code <= 47) return { back: `${code - 40}` };
  if (code === 49) return { back: undefined };
  if (code >= 90 && code <= 97) return { front: `${code - 82}` };
  if (code >= 100 && code <= 107) return { back: `${code - 92}` };
  return {};
}

/** `5;n` is one of 256, `2;r;g;b` any colour. Says also how many numbers it took. */
function extended(codes: readonly number[], at: number): readonly [string | undefined, number] {
  if (codes[at] === 5) return [indexed(codes[at + 1] ?? 0), 2];
  if (codes[at] === 2) return [`rgb(${[1, 2, 3].map((offset) => Math.min(255, codes[at + offset] || 0)).join(" ")})`, 4];
  return [undefined, 1];
}

function indexed(index: number): string {
  if (index < 16) return `${index}`;
  if (index >= 232) return gray(8 + (index - 232) * 10);
  const steps = [0, 95, 135, 175, 215, 255];
  const cube = index - 16;
  return `rgb(${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => steps[step] ?? 255).join(" ")})`;
}

function gray(level: number): string {
  const value = Math.min(255, level);
  return `rgb(${value} ${value} ${value})`;
}

function dress({ front, back, bold, dim, italic, underline, inverse }: Look): Omit<Piece, "text"> {
  const [ink, paper] = inverse ? [back, front] : [front, back];
  const named = (color: string | undefined, prefix: string) => (color !== undefined && !color.startsWith("rgb") ? `${prefix}-${color}` : undefined);
  const own = (color: string | undefined) => (color?.startsWith("rgb") ? color : undefined);
  const classes = [
    ...[named(ink, "ansi"), named(paper, "ansi-on"), bold && "ansi-bold", dim && "ansi-dim", italic && "ansi-italic", underline && "ansi-underline"],
    inverse && "ansi-inverse",
  ];
  const color = own(ink);
  const background = own(paper);
  return { classes: classes.filter(Boolean).join(" "), ...(color && { color }), ...(background && { background }) };
}
