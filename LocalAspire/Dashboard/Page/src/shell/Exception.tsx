/** A stack trace is longer and wider than its place: what scrolls must be reachable by keyboard. */
export function Exception({ text }: { readonly text: string }) {
  return (
    <pre className="exception" tabIndex={0} role="group" aria-label="Exception">
      {text}
    </pre>
  );
}
