import { useRef } from "react";
import { usePage, useShowTrouble, useStore } from "../client.js";
import { bytes } from "../format.js";
import { Glyph } from "../icons.js";
import { useSubmitFiles } from "./useSubmitFiles.js";

const sample = { url: "/sample.csv", name: "bike-rides.csv" };

export function DropZone({ dragging }: { readonly dragging: boolean }) {
  const submit = useSubmitFiles();
  const showTrouble = useShowTrouble();
  const { maxFileBytes } = useStore(usePage().settings);
  const input = useRef<HTMLInputElement>(null);
  const isTaken = useRef(false);
  const takeSample = async () => {
    if (isTaken.current) return;
    isTaken.current = true;
    try {
      isTaken.current = await submit([await loadSample()]);
    } catch (error) {
      isTaken.current = false;
      showTrouble(error);
    }
  };
  return (
    <div className={dragging ? "drop is-over" : "drop"}>
      <span className="drop-icon">
        <Glyph name="upload" />
      </span>
      <p className="drop-title">{dragging ? "Let go to start" : <Invitation />}</p>
      <div className="actions">
        <button type="button" className="button primary" onClick={() => input.current?.click()}>
          Choose files
        </button>
        <button type="button" className="button" onClick={() => void takeSample()}>
          Try the sample
        </button>
      </div>
      <p className="fine">
        {maxFileBytes === undefined ? "Several at once are fine." : `Several at once are fine, up to ${bytes(maxFileBytes)} each.`} Commas, semicolons, tabs and bars are
        recognized. The sample is{" "}
        <a href={sample.url} download={sample.name}>
          200 bike rides
        </a>{" "}
        of a made-up town.
      </p>
      <input
        ref={input}
        className="unseen"
        type="file"
        multiple
        accept=".csv,.tsv,.txt,text/csv"
        aria-label="CSV files"
        tabIndex={-1}
        onChange={(event) => {
          void submit([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </div>
  );
}

/** Who has but fingers has nothing to drop. */
function Invitation() {
  return (
    <>
      <span className="for-mouse">Drop CSV files here</span>
      <span className="for-touch">Choose CSV files of yours</span>
    </>
  );
}

async function loadSample(): Promise<File> {
  const response = await fetch(sample.url);
  if (!response.ok) throw new Error("The sample could not be loaded.");
  return new File([await response.blob()], sample.name, { type: "text/csv" });
}
