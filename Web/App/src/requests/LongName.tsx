const shortEnough = 22;
const tail = 11;

/** A name in one line: what does not fit is cut in the middle, since files of one kind differ at their ends. */
export function LongName({ name }: { readonly name: string }) {
  const letters = [...name];
  if (letters.length <= shortEnough) return name;
  return (
    <span className="long-name" title={name}>
      <span className="unseen">{name}</span>
      <span aria-hidden="true">{letters.slice(0, -tail).join("")}</span>
      <span aria-hidden="true">{letters.slice(-tail).join("")}</span>
    </span>
  );
}
