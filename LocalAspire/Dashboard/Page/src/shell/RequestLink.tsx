import { useLive } from "../api/useLive.js";
import type { AttributeLink } from "../api/wire.js";
import { Glyph } from "./icons.js";

export function linkFor(links: readonly AttributeLink[] | undefined, attribute: string, value: string): { readonly label: string; readonly url: string } | undefined {
  const found = links?.find((link) => link.attribute === attribute);
  // The application's own configuration says where to; a script is no place to go.
  if (found === undefined || !/^https?:\/\//.test(found.url)) return undefined;
  return { label: found.label, url: found.url.replaceAll("{value}", encodeURIComponent(value)) };
}

/** To the page of what the id stands for, in the application's own view. */
export function OutLink({ attribute, value }: { readonly attribute: string; readonly value: string }) {
  const link = linkFor(
    useLive((now) => now.settings?.links),
    attribute,
    value,
  );
  if (!link) return null;
  return (
    <a className="out-link" href={link.url} target="_blank" rel="noopener noreferrer">
      {link.label}
      <Glyph name="out" />
    </a>
  );
}

export const requestAttribute = "feedback.request.id";
