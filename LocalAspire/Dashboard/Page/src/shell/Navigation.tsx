import type { Page } from "../routing/route.js";
import { useLinks } from "../routing/useRoute.js";
import { Glyph, type GlyphName } from "./icons.js";

export const places: readonly { readonly page: Page & GlyphName; readonly path: string; readonly label: string }[] = [
  { page: "resources", path: "/", label: "Resources" },
  { page: "console", path: "/console", label: "Console" },
  { page: "logs", path: "/logs", label: "Logs" },
  { page: "traces", path: "/traces", label: "Traces" },
  { page: "metrics", path: "/metrics", label: "Metrics" },
];

export function Navigation({ page }: { readonly page: Page }) {
  const link = useLinks();
  return (
    <nav className="navigation" aria-label="Pages">
      {places.map((place) => (
        <a key={place.page} href={link(place.path)} aria-current={place.page === page ? "page" : undefined}>
          <Glyph name={place.page} />
          <span>{place.label}</span>
        </a>
      ))}
    </nav>
  );
}
