import { type RefObject, useEffect, useRef } from "react";

/** The element takes the focus when what had it inside is gone: a button that did its work, or an answered question. Nobody starts over at the top of the page. */
export function useKeepFocus(): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement>(null);
  const hadFocus = useRef(false);
  useEffect(() => {
    const { activeElement } = document;
    if (hadFocus.current && (activeElement === null || activeElement === document.body)) element.current?.focus({ preventScroll: true });
    hadFocus.current = element.current?.contains(document.activeElement) ?? false;
  });
  useEffect(() => {
    const shown = element.current;
    const enter = () => (hadFocus.current = true);
    const leave = ({ target, relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null) hadFocus.current = shown?.contains(relatedTarget as Node) ?? false;
      // What is removed or switched off has not been left by anybody: that shows once the change is made.
      else queueMicrotask(() => (hadFocus.current &&= !(target as HTMLElement).isConnected || (target as HTMLElement).matches(":disabled")));
    };
    shown?.addEventListener("focusin", enter);
    shown?.addEventListener("focusout", leave);
    return () => {
      shown?.removeEventListener("focusin", enter);
      shown?.removeEventListener("focusout", leave);
    };
  }, []);
  return element;
}
