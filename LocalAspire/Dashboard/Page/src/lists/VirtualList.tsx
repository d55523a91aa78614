import { type ReactNode, type Ref, useCallback, useEffect, useImperativeHandle, useRef, useState } from "react";
import { isTyping } from "../shell/Shortcuts.js";
import { rowOf } from "./rowOf.js";
import { rowsInView } from "./rowsInView.js";

export interface ListHandle {
  readonly scrollTo: (index: number) => void;
  readonly focusRow: (index: number) => void;
  /** Whether rows may come in at the top without anything moving under pointer or focus. */
  readonly isUntouched: () => boolean;
}

interface Props {
  readonly ref?: Ref<ListHandle>;
  readonly label: string;
  readonly count: number;
  readonly rowHeight: number;
  readonly row: (index: number) => ReactNode;
  readonly keyOf: (index: number) => string | number;
  readonly classOf?: (index: number) => string;
  readonly onNearEnd?: () => void;
  readonly onFocusRow?: (index: number) => void;
}

/**
 * Only the rows in view are there. Each row has one element marked `data-main`, which gets the real focus: Enter and screen readers need
 * nothing more. The focused row stays while it is out of view, so that the focus is not lost.
 */
export function VirtualList({ ref, label, count, rowHeight, row, keyOf, classOf, onNearEnd, onFocusRow }: Props) {
  const scroller = useRef<HTMLUListElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  // By its key: rows that come in above move it.
  const [focus, setFocus] = useState<{ readonly key: string | number; readonly at: number }>();
  const focused = rowOf(focus?.key, focus?.at ?? 0, count, keyOf);
  const isPointed = useRef(false);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, []);

  const { first, last } = rowsInView(view.top, view.height, rowHeight, count);
  useEffect(() => {
    if (count > 0 && last >= count - 1) onNearEnd?.();
  }, [count, last, onNearEnd]);

  const focusRow = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (element === null || index < 0 || index >= count) return;
      setFocus({ key: keyOf(index), at: index });
      bringIntoView(element, index, rowHeight);
      // The row may be rendered by this very move.
      requestAnimationFrame(() => element.querySelector<HTMLElement>(`[data-row="${index}"] [data-main]`)?.focus({ preventScroll: true }));
    },
    [count, keyOf, rowHeight],
  );
  useImperativeHandle(
    ref,
    () => ({
      focusRow,
      scrollTo: (index) => scroller.current && bringIntoView(scroller.current, index, rowHeight),
      isUntouched: () => scroller.current !== null && scroller.current.scrollTop < rowHeight && !isPointed.current && !scroller.current.contains(document.activeElement),
    }),
    [focusRow, rowHeight],
  );

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isInside = scroller.current?.contains(document.activeElement) === true;
      if (isTyping(event) || (!isInside && event.key.length > 1 && document.activeElement?.id !== "main" && document.activeElement !== document.body)) return;
      const next = { j: focused + 1, ArrowDown: focused + 1, k: focused - 1, ArrowUp: focused - 1, Home: 0, End: count - 1 }[event.key];
      if (next === undefined || count === 0) return;
      event.preventDefault();
      focusRow(Math.min(count - 1, Math.max(0, next)));
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [count, focused, focusRow]);

  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
  if (focused >= 0 && focused < count && (focused < first || focused > last)) indexes.push(focused);
  return (
    <ul
      ref={scroller}
      className="virtual"
      aria-label={label}
      onPointerEnter={() => (isPointed.current = true)}
      onPointerLeave={() => (isPointed.current = false)}
      onFocus={(event) => {
        const index = Number((event.target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row ?? -1);
        setFocus(index < 0 ? undefined : { key: keyOf(index), at: index });
        if (index >= 0) onFocusRow?.(index);
      }}
    >
      <li className="virtual-room" aria-hidden="true" style={{ height: count * rowHeight }} />
      {indexes.map((index) => (
        <li key={keyOf(index)} data-row={index} className={classOf?.(index)} aria-setsize={count} aria-posinset={index + 1} style={{ top: index * rowHeight, height: rowHeight }}>
          {row(index)}
        </li>
      ))}
    </ul>
  );
}

function bringIntoView(element: HTMLElement, index: number, rowHeight: number) {
  const top = index * rowHeight;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight - element.clientHeight;
}
