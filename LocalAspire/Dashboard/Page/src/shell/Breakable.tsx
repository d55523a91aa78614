import { Fragment } from "react";

/** A long name that breaks where a person would break it: after a dot, a line below or a hyphen, and before a hump. */
export function Breakable({ text }: { readonly text: string }) {
  return pieces(text).map((piece, index) => (
    // Pieces of a name have no other identity than their place.
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {piece}
    </Fragment>
  ));
}

export function pieces(name: string): readonly string[] {
  return name.split(/(?<=[._\-/:])(?=[^._\-/:])|(?<=[a-z])(?=[A-Z])/);
}
