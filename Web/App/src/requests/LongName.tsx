const shortEnough = 22;
const tail = 11;

/** A name in one line. Of a file's name that does not fit the middle is cut out, since files of one kind differ at their ends. */
export function LongName({ name }: { readonly name: string }) {
  const letters = [...name];
  if (letters.length <= shortEnough || !/\.\w{1,5}$/.test(name)) return name;
  return (
    <span className="long-name" title={name}>
      <span className="unseen">{name}</span>
      <span aria-hidden="true">{letters.slice(0, -tail).join("")}</span>
      <span aria-hidden="true">{letters.slice(-tail).join("")}</span>
    </span>
  );
}
