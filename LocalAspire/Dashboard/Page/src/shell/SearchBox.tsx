import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { addressOf } from "../routing/route.js";
import { navigate, useRoute } from "../routing/useRoute.js";
import { Glyph } from "./icons.js";

const typingMs = 250;

/** On the page of the finds typing is enough; elsewhere Enter goes there. */
export function SearchBox() {
  const { page, query } = useRoute();
  const asked = page === "search" ? (query.get("q") ?? "") : "";
  const [text, setText] = useState(asked);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const typed = useRef(asked);
  useEffect(() => {
    if (typed.current.trim() === asked) return;
    typed.current = asked;
    setText(asked);
  }, [asked]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const go = (q: string, replaces: boolean) => {
    clearTimeout(timer.current);
    navigate(addressOf("/search", { q: q.trim() }, new URLSearchParams(location.search)), replaces);
  };
  const onChange = (value: string) => {
    typed.current = value;
    setText(value);
    clearTimeout(timer.current);
    if (page === "search") timer.current = setTimeout(() => go(value, true), typingMs);
  };
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (text.trim() !== "") go(text, page === "search");
  };
  return (
    <form className="search-box" role="search" onSubmit={onSubmit}>
      <Glyph name="search" />
      <input
        id="search"
        type="search"
        placeholder="Search everything"
        aria-label="Search everything"
        title="All words must occur; “a phrase” as it stands; an id finds its trace, span or request"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}
