import { useFilter, useRoute } from "../routing/useRoute.js";
import { Glyph } from "./icons.js";

/** A filter that came with a link: shown while it is on, taken away by a press. */
export function Chip({ name, label }: { readonly name: string; readonly label: string }) {
  const value = useRoute().query.get(name);
  const filter = useFilter();
  if (!value) return null;
  const short = value.length > 14 ? `${value.slice(0, 8)}…` : value;
  return (
    <button type="button" className="chip" title={value} aria-label={`${label} ${value}. Take this filter away`} onClick={() => filter({ [name]: "" })}>
      {label} <code>{short}</code>
      <Glyph name="close" />
    </button>
  );
}
