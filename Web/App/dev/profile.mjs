/** A small stand-in for the csv-profile worker: enough of it to give the page something true to show. */

export function parseCsv(text, separator = ",") {
  const rows = [];
  let row = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === separator) row.push(cell), (cell = "");
    else if (c === "\n") row.push(cell), rows.push(row), (row = []), (cell = "");
    else if (c !== "\r") cell += c;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  return rows;
}

export function profile(text, separator) {
  const [header = [], ...rows] = parseCsv(text.replace(/^\uFEFF/, ""), separator);
  return { rows: rows.length, columns: header.map((name, index) => column(name, rows.map((row) => row[index] ?? ""))) };
}

function column(name, cells) {
  const values = cells.filter((cell) => cell !== "");
  const type = typeOf(values);
  const distinct = new Set(values).size;
  const base = { name, type, count: values.length, missing: cells.length - values.length, distinct, distinctIsEstimate: false };
  if (type === "integer" || type === "number") return { ...base, ...numbers(values.map(Number)) };
  if (type === "date") {
    const sorted = [...values].sort();
    return { ...base, min: sorted[0], max: sorted.at(-1), histogram: days(sorted) };
  }
  const sorted = [...values].sort();
  const bounds = type === "boolean" ? sorted.map((value) => value === "true") : sorted;
  return { ...base, min: bounds[0], max: bounds.at(-1), top: top(values) };
}

function typeOf(values) {
  const all = (pattern) => values.length > 0 && values.every((value) => pattern.test(value));
  if (all(/^-?\d+$/)) return "integer";
  if (all(/^-?\d+(\.\d+)?$/)) return "number";
  if (all(/^(true|false)$/i)) return "boolean";
  if (all(/^\d{4}-\d\d-\d\d/)) return "date";
  return "text";
}

function numbers(values) {
  const min = Math.min(...values);
  const max = Math.max(...values);
  const width = (max - min) / 10 || 1;
  const histogram = Array.from({ length: 10 }, (_, i) => ({ from: min + i * width, to: min + (i + 1) * width, count: 0 }));
  for (const value of values) histogram[Math.min(9, Math.floor((value - min) / width))].count++;
  return { min, max, mean: values.reduce((sum, value) => sum + value, 0) / values.length, histogram };
}

function days(values) {
  const counts = new Map();
  for (const value of values) counts.set(value.slice(0, 10), (counts.get(value.slice(0, 10)) ?? 0) + 1);
  const after = (day) => new Date(Date.parse(day) + 864e5).toISOString().slice(0, 10);
  return [...counts].map(([day, count]) => ({ from: `${day}T00:00:00`, to: `${after(day)}T00:00:00`, count }));
}

function top(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 5).map(([value, count]) => ({ value, count }));
}
