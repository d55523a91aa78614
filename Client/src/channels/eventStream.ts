export interface StreamEvent {
  readonly type: string;
  readonly data: string;
}

/**
 * Server-sent events of a response. EventSource would do the same in a browser, but sends no token, names no place to go on from after another
 * channel, and is missing in Node.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<StreamEvent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let [rest, type, data] = ["", "message", [] as string[]];
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      heard();
      const lines = (rest + decoder.decode(part.value, { stream: true })).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [, field, value = ""] = /^(\w*):? ?(.*)$/s.exec(line) ?? [];
        if (field === "event") type = value;
        else if (field === "data") data.push(value);
        else if (line === "") {
          if (data.length > 0) yield { type, data: data.join("\n") };
          [type, data] = ["message", []];
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
