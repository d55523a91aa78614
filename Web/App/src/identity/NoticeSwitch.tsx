import { usePage, useShowTrouble, useStore } from "../client.js";

/** Off until the person wants it: a page that asks unasked is refused for good. */
export function NoticeSwitch() {
  const { notices } = usePage();
  const state = useStore(notices);
  const showTrouble = useShowTrouble();
  if (!notices.isPossible) return null;
  return (
    <section className="dialog-part">
      <label className="choice">
        <input type="checkbox" checked={state === "on"} onChange={(event) => (event.target.checked ? notices.switchOn().catch(showTrouble) : notices.switchOff())} />
        <span>
          Tell me when a request ends while I am elsewhere
          <span className="fine">A notice of this browser, while one of these windows is open and none is in front.</span>
        </span>
      </label>
      {state === "refused" && (
        <p className="refusal" role="alert">
          This browser does not allow notices for this page. You can change that in its settings for this site.
        </p>
      )}
      {state === "unanswered" && (
        <p className="refusal" role="alert">
          The browser was not told to allow it, so it stays off.
        </p>
      )}
    </section>
  );
}
