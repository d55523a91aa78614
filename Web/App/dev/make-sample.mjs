import { writeFileSync } from "node:fs";

/** Writes public/sample.csv: made-up bike rides of a made-up town, the same 200 rows on every run. */

let seed = 20260117;
const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
const between = (low, high) => low + Math.floor(random() * (high - low + 1));
const pick = (items) => items[Math.floor(random() ** 1.4 * items.length)];

const stations = ["Harbour Steps", "Old Mill", "Central Station", "Lindenplatz", "North Gate", "Botanical Garden", "Ferry Pier", "University"];
const comments = [
  "",
  "",
  "",
  "smooth ride",
  "brakes squeal a little",
  'sign says "out of order", but it works',
  "chain came off near the bridge,\nput it back myself",
  "great, would ride again",
  "saddle too low; could not change it",
];

const rows = ["ride,started,from,to,minutes,km,electric,rider_age,rating,comment"];
let clock = Date.UTC(2026, 2, 2, 6, 10);
for (let ride = 1; ride <= 200; ride++) {
  clock += between(2, 95) * 60_000;
  const electric = random() < 0.4;
  const minutes = Math.round((4 + 38 * random() * random() + 6 * random()) * 10) / 10;
  const km = ((minutes / 60) * (electric ? 19 : 14) * (0.8 + 0.4 * random())).toFixed(2);
  const age = random() < 0.12 ? "" : Math.round(17 + 34 * random() + 22 * random() * random());
  const rating = random() < 0.35 ? "" : Math.min(5, 2 + between(0, 2) + (random() < 0.6 ? 1 : 0));
  const comment = pick(comments);
  const cells = [1000 + ride, new Date(clock).toISOString().slice(0, 16), pick(stations), pick(stations), minutes, km, electric, age, rating, comment];
  rows.push(cells.map(quote).join(","));
}

writeFileSync(new URL("../public/sample.csv", import.meta.url), `${rows.join("\n")}\n`);

function quote(value) {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
