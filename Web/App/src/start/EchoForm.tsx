import type { FormEvent } from "react";
import { Glyph } from "../icons.js";
import { useStart } from "./useStart.js";

/** A request that does nothing but take its time: to see waiting, failing and retrying without a file. */
export function EchoForm() {
  const start = useStart();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = String(form.get("text")).trim() || "Hello";
    const payload = { text, delayMs: Number(form.get("seconds")) * 1000, steps: 10, failTimes: Number(form.get("failTimes")) };
    start("echo", payload);
  };
  return (
    <details className="start-form">
      <summary>
        <span>
          <strong>Send an echo</strong>
          <span className="fine">No file at hand? It only takes its time, and fails if you like.</span>
        </span>
        <Glyph name="plus" />
      </summary>
      <form onSubmit={submit}>
        <label className="field wide">
          Text
          <input name="text" defaultValue="Hello out there" maxLength={200} required />
        </label>
        <label className="field">
          Takes
          <select name="seconds" defaultValue="5">
            <option value="0">no time</option>
            <option value="5">5 seconds</option>
            <option value="30">30 seconds</option>
          </select>
        </label>
        <label className="field">
          Fails first
          <select name="failTimes" defaultValue="0">
            <option value="0">never</option>
            <option value="1">once</option>
            <option value="2">twice</option>
            <option value="10">until it is held</option>
          </select>
        </label>
        <button type="submit" className="button">
          Send
        </button>
      </form>
    </details>
  );
}
