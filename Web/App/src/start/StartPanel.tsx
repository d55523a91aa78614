import { CheckoutForm } from "./CheckoutForm.js";
import { DropZone } from "./DropZone.js";
import { EchoForm } from "./EchoForm.js";

export function StartPanel({ dragging }: { readonly dragging: boolean }) {
  return (
    <div className="start">
      <h1>What is in your CSV?</h1>
      <p className="lead">
        Hand over a file and get a profile of every column. The work happens elsewhere; you can watch it, reload, or close this page and come back. Nothing gets lost.
      </p>
      <DropZone dragging={dragging} />
      <CheckoutForm />
      <EchoForm />
    </div>
  );
}
