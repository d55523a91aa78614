import { type ReactNode, useEffect, useId, useRef } from "react";

/** The browser's own dialog: it holds the focus, and closes with Escape. */
export function Dialog({ title, onClose, children }: { readonly title: string; readonly onClose: () => void; readonly children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (shown === null) return;
    shown.showModal();
    return () => shown.close();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={heading} onCancel={onClose}>
      <div className="dialog-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="button small" onClick={onClose}>
          Close
        </button>
      </div>
      {children}
    </dialog>
  );
}
