/** A text as a text, a few values as a list, and JSON for what has more to it. */
export function PlainResult({ result }: { readonly result: unknown }) {
  const values = valuesOf(result);
  return (
    <section className="result" aria-label="Result">
      {values === undefined || (values.length === 1 && values[0]?.[0] === "text") ? (
        <pre tabIndex={0}>{values === undefined ? JSON.stringify(result, null, 2) : values[0]?.[1]}</pre>
      ) : (
        <dl>
          {values.map(([name, value]) => (
            <div key={name}>
              <dt>{readable(name)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

const most = 20;

function valuesOf(result: unknown): readonly (readonly [string, string])[] | undefined {
  if (typeof result !== "object" || result === null || Array.isArray(result)) return undefined;
  const entries = Object.entries(result);
  if (entries.length === 0 || entries.length > most || entries.some(([, value]) => typeof value === "object")) return undefined;
  return entries.map(([name, value]) => [name, String(value)]);
}

/** "orderNumber" is read as "Order number". */
function readable(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
