/** A link where a browser can follow it: to a browser, `localhost:5432` is a scheme named localhost. */
export function Address({ url }: { readonly url: string }) {
  if (!/^https?:/.test(url)) return <code>{url}</code>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {url.replace(/\/$/, "")}
    </a>
  );
}
