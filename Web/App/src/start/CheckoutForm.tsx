import type { FormEvent } from "react";
import { Glyph } from "../icons.js";
import { useStart } from "./useStart.js";

/** An order over three services: to see hops, a question in the middle, and a step that fails and is tried again. */
export function CheckoutForm() {
  const start = useStart();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const payload = { amount: Number(form.get("amount")), currency: "EUR", items: [{ sku: String(form.get("sku")), quantity: 1 }] };
    start("checkout", payload);
  };
  return (
    <details className="start-form">
      <summary>
        <span>
          <strong>Place an order</strong>
          <span className="fine">Over payment, stock and shipping, with a question on the way.</span>
        </span>
        <Glyph name="plus" />
      </summary>
      <form onSubmit={submit}>
        <label className="field">
          Amount in EUR
          <input name="amount" type="number" min="0.01" max="1000000" step="0.01" defaultValue="620" required />
        </label>
        <label className="field wide">
          The warehouse
          <select name="sku" defaultValue="lamp">
            <option value="lamp">has it</option>
            <option value="busy-1">does not answer once</option>
            <option value="busy-2">does not answer twice</option>
            <option value="sold-out">has it no more</option>
          </select>
        </label>
        <button type="submit" className="button">
          Order
        </button>
        <p className="fine">Above 500 EUR you are asked before anything is paid. No real money moves.</p>
      </form>
    </details>
  );
}
