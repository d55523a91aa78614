/** The page speaks English: numbers and dates are those of its reader's English, and of a neutral one for who reads another language at home. */
const locale = englishOf(globalThis.navigator?.languages ?? []);
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
const coarse = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayAlone = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const dayOfYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

export function count(value: number, one: string, many = `${one}s`): string {
  return `${whole.format(value)} ${value === 1 ? one : many}`;
}

export function number(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e15 ? whole.format(value) : compact.format(value);
  return Math.abs(value) >= 1000 ? coarse.format(value) : fine.format(value);
}

export function percent(part: number, of: number): string {
  const share = of === 0 ? 0 : (part / of) * 100;
  // Neither "0%" for a few nor "100%" for nearly all.
  if (share > 0 && share < 1) return "<1%";
  if (share > 99 && share < 100) return ">99%";
  return `${Math.round(share)}%`;
}

export function bytes(value: number): string {
  if (value < 1000) return count(value, "byte");
  const unit = value < 1e6 ? "kB" : value < 1e9 ? "MB" : "GB";
  const size = value / (unit === "kB" ? 1e3 : unit === "MB" ? 1e6 : 1e9);
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

export function duration(ms: number): string {
  if (ms < 950) return `${Math.max(0, Math.round(ms / 10) * 10)} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return withRest(`${minutes} min`, Math.floor(seconds % 60), "s");
  if (minutes < 48 * 60) return withRest(`${Math.floor(minutes / 60)} h`, minutes % 60, "min");
  return withRest(count(Math.floor(minutes / 1440), "day"), Math.floor((minutes % 1440) / 60), "h");
}

function withRest(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}

/** In whole seconds, at least one: "0 s" helps nobody. */
export function wholeSeconds(ms: number): string {
  return duration(Math.max(1, Math.ceil(ms / 1000)) * 1000).replace(/\.0 s$/, " s");
}

export function inSeconds(until: number, now: number): string {
  return `in ${wholeSeconds(until - now)}`;
}

/** Empty for what is no time. */
export function relative(time: string, now: number): string {
  const seconds = (now - Date.parse(time)) / 1000;
  if (Number.isNaN(seconds)) return "";
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return dayTime(time, now);
}

export function clockTime(time: string): string {
  return clock.format(Date.parse(time));
}

/** The year is said only of another one. */
export function dayTime(time: string, now = Date.now()): string {
  const date = new Date(time);
  return (date.getFullYear() === new Date(now).getFullYear() ? day : dayOfYear).format(date);
}

export function dayOf(time: string): string {
  return dayAlone.format(Date.parse(time));
}

export function ordinal(value: number): string {
  const last = value % 100 >= 11 && value % 100 <= 13 ? 0 : value % 10;
  return `${whole.format(value)}${last === 1 ? "st" : last === 2 ? "nd" : last === 3 ? "rd" : "th"}`;
}

export function englishOf(languages: readonly string[]): string {
  return languages.find((language) => /^en(-|$)/i.test(language)) ?? "en-GB";
}
