import { type Ref, useEffect, useRef, useState } from "react";
import { useFilter, useRoute } from "../routing/useRoute.js";

const typingMs = 250;

/** A text field whose value is a filter in the address, a moment after the typing. */
export function FilterText({ name, label, ref }: { readonly name: string; readonly label: string; readonly ref?: Ref<HTMLInputElement> }) {
  const { query } = useRoute();
  const filter = useFilter();
  const given = query.get(name) ?? "";
  const [text, setText] = useState(given);
  const typed = useRef(given);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (typed.current.trim() === given) return;
    typed.current = given;
    setText(given);
  }, [given]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <input
      ref={ref}
      type="search"
      className="field"
      placeholder={label}
      aria-label={label}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={({ target: { value } }) => {
        typed.current = value;
        setText(value);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => filter({ [name]: value.trim() }, true), typingMs);
      }}
    />
  );
}
