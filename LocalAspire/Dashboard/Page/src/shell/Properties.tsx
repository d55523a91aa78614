import type { ReactNode } from "react";
import type { Attributes } from "../api/wire.js";
import { useLinks } from "../routing/useRoute.js";
import { Breakable } from "./Breakable.js";
import { OutLink } from "./RequestLink.js";

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>
        <Breakable text={name} />
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Every value leads to all that has it. */
export function Properties({ title, values }: { readonly title: string; readonly values: Attributes }) {
  const link = useLinks();
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <details className="properties" open>
      <summary>
        {title} <span className="fine">{entries.length}</span>
      </summary>
      <Facts>
        {entries.map(([name, value]) => {
          const text = textOf(value);
          return (
            <Fact key={name} name={name}>
              <span className="value">{text}</span>
              <OutLink attribute={name} value={text} />
              {isTelling(text) && (
                <a className="find" href={link("/search", { q: `"${text}"` })} aria-label={`Find ${text} everywhere`} title="Find this everywhere">
                  find
                </a>
              )}
            </Fact>
          );
        })}
      </Facts>
    </details>
  );
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isTelling(text: string): boolean {
  return text.length >= 6 && text.length <= 200 && !text.includes('"');
}
