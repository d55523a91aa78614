import { useEffect } from "react";
import { integer } from "../format.js";
import { isTyping } from "../shell/Shortcuts.js";

/** "37 new": they come when they are asked for, not under the pointer. */
export function NewRows({ count, isMore, onShow }: { readonly count: number; readonly isMore: boolean; readonly onShow: () => void }) {
  useEffect(() => {
    if (count === 0) return;
    const onKey = (event: KeyboardEvent) => {
      if (!isTyping(event) && event.key === "n") onShow();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [count, onShow]);
  return (
    <div className="new-rows" role="status">
      {count > 0 && (
        <button type="button" className="pill" onClick={onShow} title="Show them (n)">
          {isMore ? `${integer(count)}+ new` : `${integer(count)} new`}
        </button>
      )}
    </div>
  );
}
