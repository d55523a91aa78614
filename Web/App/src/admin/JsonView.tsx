import { useId, useMemo } from "react";
import { Copy } from "./Copy.js";

export function JsonView({ title, value }: { readonly title: string; readonly value: unknown }) {
  const heading = useId();
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? "", [value]);
  return (
    <section className="json" aria-labelledby={heading}>
      <div className="json-head">
        <h2 id={heading}>{title}</h2>
        {text !== "" && <Copy text={text} label={title.toLowerCase()} hidden />}
      </div>
      <pre tabIndex={0}>{text === "" ? "none" : text}</pre>
    </section>
  );
}
