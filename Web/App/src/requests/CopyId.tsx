import { useEffect, useState } from "react";
import { useShowTrouble } from "../client.js";
import { Glyph } from "../icons.js";

/** The id is the one thing that finds a request everywhere: address, logs, trace, queue. */
export function CopyId({ id }: { readonly id: string }) {
  const showTrouble = useShowTrouble();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () => {
    // Not there outside of a secure context; the id can still be selected by hand.
    if (navigator.clipboard === undefined) return showTrouble(new Error("This browser does not let the page copy here. Select the id and copy it by hand."));
    navigator.clipboard.writeText(id).then(() => setCopied(true), showTrouble);
  };
  return (
    <span className="copy-id">
      <code>{id}</code>
      <button type="button" className="icon-button" onClick={copy} aria-label="Copy the id">
        <Glyph name={isCopied ? "check" : "copy"} />
      </button>
      <span className="copied" role="status">
        {isCopied ? "Copied" : ""}
      </span>
    </span>
  );
}
