const locale = "en";
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" });
const short = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export function count(value: number, one: string, many = `${one}s`): string {
  return `${whole.format(value)} ${value === 1 ? one : many}`;
}

export function integer(value: number): string {
  return whole.format(value);
}

export function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 10_000) return compact.format(value);
  return Number.isInteger(value) ? whole.format(value) : fine.format(value);
}

export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const unit = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const size = value / 1000 ** unit;
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

export function duration(ms: number): string {
  if (ms < 0.001) return "0 ms";
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A round number on a scale: 5 ms rather than 5.00 ms. */
export function onScale(text: string): string {
  return text.replace(/\.(\d*?)0+(?= |$)/, (_, digits: string) => (digits ? `.${digits}` : ""));
}

/** What a unit of OpenTelemetry (UCUM) makes of a number. */
export function withUnit(value: number, unit: string | undefined): string {
  if (unit === "s") return duration(value * 1000);
  if (unit === "ms") return duration(value);
  if (unit === "By") return bytes(value);
  if (unit === "1" && value >= 0 && value <= 1) return `${number(value * 100)} %`;
  return number(value);
}

/** Cores to percent of one core. */
export function cpu(cores: number): string {
  const percent = cores * 100;
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

export function clockTime(time: string): string {
  return clock.format(Date.parse(time));
}

export function shortTime(time: string | number): string {
  return short.format(typeof time === "number" ? time : Date.parse(time));
}

export function dayTime(time: string): string {
  return day.format(Date.parse(time));
}

/** Since then, in the largest unit that says something. */
export function since(time: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d`;
}
