import { useState } from "react";
import { query } from "../api/call.js";
import { useLoad } from "../api/useLoad.js";
import type { Resource, Variable } from "../api/wire.js";
import { Breakable } from "../shell/Breakable.js";
import { Trouble } from "../shell/States.js";

/** Secrets leave the AppHost only when they are asked for, one by one. */
export function Environment({ resource }: { readonly resource: Resource }) {
  const [instance, setInstance] = useState(resource.instances[0]?.id ?? "");
  const [text, setText] = useState("");
  const [revealed, setRevealed] = useState<readonly string[]>([]);
  const started = resource.instances.find(({ id }) => id === instance)?.startedAt ?? "";
  const { data, error, reload } = useLoad<{ readonly variables: readonly Variable[] }>(
    `${resource.name}/${instance}/${started}/${revealed.join()}`,
    () => `/api/resources/${encodeURIComponent(resource.name)}/environment${query({ instance, reveal: revealed })}`,
    false,
  );
  // While a secret is on its way, what was there stays.
  const [kept, setKept] = useState<readonly Variable[]>();
  if (data !== undefined && data.variables !== kept) setKept(data.variables);
  const needle = text.trim().toLowerCase();
  const shown = (kept ?? []).filter(({ name, value }) => `${name} ${value ?? ""}`.toLowerCase().includes(needle));
  const toggle = (name: string) => setRevealed((before) => (before.includes(name) ? before.filter((one) => one !== name) : [...before, name]));
  if (kept?.length === 0 && !error) return null;
  return (
    <section className="environment">
      <h3>Environment</h3>
      <div className="filters">
        {resource.instances.length > 1 && (
          <select className="select" aria-label="Replica" value={instance} onChange={(event) => setInstance(event.target.value)}>
            {resource.instances.map(({ id }) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        )}
        <input type="search" className="field" placeholder="Find a variable" aria-label="Find a variable" value={text} onChange={(event) => setText(event.target.value)} />
      </div>
      <Trouble error={error} onAgain={reload} />
      <dl className="facts variables">
        {shown.map(({ name, value, secret }) => (
          <div key={name}>
            <dt>
              <Breakable text={name} />
            </dt>
            <dd>
              {value === undefined || (secret && !revealed.includes(name)) ? <span className="masked">••••••••</span> : <span className="value">{value}</span>}
              {secret && (
                <button type="button" className="link-button" aria-label={`${revealed.includes(name) ? "Hide" : "Show"} ${name}`} onClick={() => toggle(name)}>
                  {revealed.includes(name) ? "hide" : "show"}
                </button>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
