import { usePage, useStore } from "./client.js";

export function TroubleNote() {
  const { trouble } = usePage();
  const message = useStore(trouble);
  return (
    <div className="trouble-slot" role="alert">
      {message && (
        <p className="trouble">
          {message}
          <button type="button" className="button small" onClick={() => trouble.set(undefined)}>
            Close
          </button>
        </p>
      )}
    </div>
  );
}
