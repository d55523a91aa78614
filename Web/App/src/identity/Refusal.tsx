/** Why a dialog's act was refused. It may come below what of the dialog can be seen. */
export function Refusal({ why }: { readonly why: string | undefined }) {
  if (why === undefined) return null;
  return (
    <p className="refusal" role="alert" ref={intoSight}>
      {why}
    </p>
  );
}

function intoSight(note: HTMLElement | null): void {
  note?.scrollIntoView({ block: "nearest" });
}
