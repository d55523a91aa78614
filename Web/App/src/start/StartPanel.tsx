import { useRef } from "react";
import { useShowTrouble } from "../client.js";
import { Glyph } from "../icons.js";
import { CheckoutForm } from "./CheckoutForm.js";
import { EchoForm } from "./EchoForm.js";
import { useSubmitFiles } from "./useSubmitFiles.js";

export function StartPanel({ dragging }: { readonly dragging: boolean }) {
  const submit = useSubmitFiles();
  const showTrouble = useShowTrouble();
  const input = useRef<HTMLInputElement>(null);
  const takeSample = () => {
    loadSample().then((file) => submit([file]), showTrouble);
  };
  return (
    <div className="start">
      <h1>What is in your CSV?</h1>
      <p className="lead">
        Hand over a file and get a profile of every column. The work happens elsewhere; you can watch it, reload, or close this page and come back. Nothing gets lost.
      </p>
      <div className={dragging ? "drop is-over" : "drop"}>
        <span className="drop-icon">
          <Glyph name="upload" />
        </span>
        <p className="drop-title">{dragging ? "Let go to start" : "Drop CSV files here"}</p>
        <div className="actions">
          <button type="button" className="button primary" onClick={() => input.current?.click()}>
            Choose a file
          </button>
          <button type="button" className="button" onClick={takeSample}>
            Try the sample
          </button>
        </div>
        <p className="fine">Up to 2 GB each. Commas, semicolons, tabs and bars are recognized.</p>
        <input
          ref={input}
          className="unseen"
          type="file"
          multiple
          accept=".csv,.tsv,.txt,text/csv"
          aria-label="CSV files"
          tabIndex={-1}
          onChange={(event) => {
            submit([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      </div>
      <CheckoutForm />
      <EchoForm />
    </div>
  );
}

async function loadSample(): Promise<File> {
  const response = await fetch("/sample.csv");
  if (!response.ok) throw new Error("The sample could not be loaded.");
  return new File([await response.blob()], "bike-rides.csv", { type: "text/csv" });
}
