import { describe, expect, it } from "vitest";
import type { ConsoleLine } from "../src/api/wire.js";
import { parseAnsi, stripAnsi } from "../src/console/ansi.js";
import { join, mostLines, narrow } from "../src/console/lines.js";
import { lineAt, rowStarts } from "../src/console/rows.js";

const esc = "\x1b";
const line = (n: number, text = `line ${n}`, instance = "web-1"): ConsoleLine => ({ n, instance, at: "2026-11-22T12:00:00Z", text });

describe("colours of the terminal", () => {
  it("leave a plain line as it is", () => {
    expect(parseAnsi("plain <b>")).toEqual([{ text: "plain <b>", classes: "" }]);
  });

  it("become classes, and end where they end", () => {
    expect(parseAnsi(`${esc}[1;32minfo${esc}[0m: ok ${esc}[91mbad`)).toEqual([
      { text: "info", classes: "ansi-2 ansi-bold" },
      { text: ": ok ", classes: "" },
      { text: "bad", classes: "ansi-9" },
    ]);
    expect(parseAnsi(`${esc}[41m${esc}[30mfail${esc}[39m${esc}[49m:`)).toEqual([
      { text: "fail", classes: "ansi-0 ansi-on-1" },
      { text: ":", classes: "" },
    ]);
  });

  it("may be any of 256, or any at all", () => {
    expect(parseAnsi(`${esc}[38;5;208ma${esc}[48;2;1;2;3mb${esc}[38;5;9mc`)).toEqual([
      { text: "a", classes: "", color: "rgb(255 135 0)" },
      { text: "b", classes: "", color: "rgb(255 135 0)", background: "rgb(1 2 3)" },
      { text: "c", classes: "ansi-9", background: "rgb(1 2 3)" },
    ]);
  });

  it("are all that is taken from escape sequences: cursors, titles and links are left out", () => {
    expect(stripAnsi(`${esc}[2K${esc}[1Gdone ${esc}]8;;http://x\x07here${esc}]8;;\x07${esc}(B\r`)).toBe("done here");
    expect(parseAnsi(`${esc}[?25lwait`)).toEqual([{ text: "wait", classes: "" }]);
  });

  it("come to no harm by what is cut or wrong", () => {
    expect(parseAnsi(`a${esc}[38;5mb${esc}[99999mc${esc}[`).map(({ text }) => text).join("")).toContain("abc");
  });
});

describe("the lines", () => {
  it("come once, whichever way they came", () => {
    expect(join([line(1), line(2)], [line(2), line(3)]).map(({ n }) => n)).toEqual([1, 2, 3]);
    const before = [line(1)];
    expect(join(before, [line(1)])).toBe(before);
  });

  it("are bounded: the oldest go", () => {
    const many = Array.from({ length: mostLines }, (_, index) => line(index));
    expect(join(many, [line(mostLines)])).toHaveLength(mostLines);
    expect(join(many, [line(mostLines)])[0]?.n).toBe(1);
  });

  it("are narrowed by words in any order, and not by colours", () => {
    const lines = [line(1, `${esc}[32minfo${esc}[0m: started`), line(2, "warn: slow", "backend-1")];
    expect(narrow(lines, "STARTED info:").map(({ n }) => n)).toEqual([1]);
    expect(narrow(lines, "backend slow").map(({ n }) => n)).toEqual([2]);
    expect(narrow(lines, "32m")).toEqual([]);
    expect(narrow(lines, " ")).toBe(lines);
  });
});

describe("the rows of the console", () => {
  const lines = [line(1, "x".repeat(20)), line(2, ""), line(3, "x".repeat(21)), line(4, `${esc}[32m${"\u6f22".repeat(11)}${esc}[0m`), line(5, "\t".repeat(3))];

  it("are as many as a line needs, whatever colours it has", () => {
    expect(rowStarts(lines, 20, () => 0)).toEqual([0, 1, 2, 4, 6, 8]);
    expect(rowStarts(lines, 20, () => 1)).toEqual([0, 2, 3, 5, 7, 9]);
    expect(rowStarts(lines, undefined, () => 1)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(rowStarts([], 20, () => 0)).toEqual([0]);
  });

  it("lead back to their line", () => {
    const starts = rowStarts(lines, 20, () => 0);
    expect([0, 1, 2, 3, 4, 7, 8, 99].map((row) => lineAt(starts, row))).toEqual([0, 1, 2, 2, 3, 4, 4, 4]);
    expect(lineAt([0], 3)).toBe(0);
  });
});
