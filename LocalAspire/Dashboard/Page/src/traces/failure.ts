import type { Attributes, Span } from "../api/wire.js";

const [type, message, stack] = ["exception.type", "exception.message", "exception.stacktrace"] as const;

/** The sentence above a span that failed. A status is often a code only ("57P03") where the exception says what it means. */
export function whatFailed({ statusMessage, events }: Span): string {
  const words = events.map(({ attributes }) => attributes[message]).filter((text) => typeof text === "string");
  if (!statusMessage) return words[0] ?? "This span ended with an error.";
  return words.find((text) => text.includes(statusMessage)) ?? statusMessage;
}

export function exceptionsOf({ events }: Span): readonly string[] {
  return events.filter(({ attributes }) => type in attributes || message in attributes).map(({ attributes }) => text(attributes, stack) || [text(attributes, type), text(attributes, message)].filter(Boolean).join(": "));
}

/** The stack stands at the top of the details already. */
export function withoutStack(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== stack));
}

function text(attributes: Attributes, name: string): string {
  return String(attributes[name] ?? "");
}
