import type { RequestView } from "aspire-feedback";
import { useLayoutEffect, useMemo, useRef } from "react";
import { outputOf } from "./output.js";

/** A preview, while there is no result: what comes in last is in sight, unless the person has scrolled away from it. */
export function Output({ view }: { readonly view: RequestView }) {
  const text = useMemo(() => outputOf(view.events), [view.events]);
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  if (text === "" || view.status?.status === "Succeeded") return null;
  const title = view.status?.done ? "What it wrote until then" : "What it writes";
  return (
    <section className="output" aria-label={title}>
      <h2>{title}</h2>
      <pre
        ref={box}
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
      >
        {text}
      </pre>
    </section>
  );
}
