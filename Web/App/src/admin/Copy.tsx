import { useEffect, useState } from "react";
import { Glyph } from "../icons.js";

/** A text to be taken elsewhere; hidden, it stands somewhere near already. */
export function Copy({ text, label, hidden = false }: { readonly text: string; readonly label: string; readonly hidden?: boolean }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () => {
    // Not there outside of a secure context; the text can still be selected by hand.
    if (navigator.clipboard === undefined) return setSaid("Select it by hand");
    navigator.clipboard.writeText(text).then(
      () => setSaid("Copied"),
      () => setSaid("Select it by hand"),
    );
  };
  return (
    <span className="copy-id">
      {!hidden && <code>{text}</code>}
      <button type="button" className="icon-button" onClick={copy} aria-label={`Copy ${label}`}>
        <Glyph name={said === "Copied" ? "check" : "copy"} />
      </button>
      <span className="copied" role="status">
        {said}
      </span>
    </span>
  );
}
