import { useState } from "react";
import type { Resource } from "../api/wire.js";
import { useHue } from "../hue.js";
import { useLinks } from "../routing/useRoute.js";
import { Address } from "./Address.js";
import { Commands } from "./Commands.js";
import { InstanceRow } from "./InstanceRow.js";
import { State } from "./State.js";
import { UsageCells } from "./UsageCells.js";

export function ResourceTable({ resources, selected }: { readonly resources: readonly Resource[]; readonly selected: string | undefined }) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const toggle = (name: string) => setOpened((before) => (before.has(name) ? new Set([...before].filter((one) => one !== name)) : new Set([...before, name])));
  return (
    <div className="table-frame">
      <table className="resource-table">
        <thead>
          <tr>
            <th>Name</th>
            <th>State</th>
            <th>Addresses</th>
            <th>CPU</th>
            <th>Memory</th>
            <th className="command-head">
              <span className="unseen">Commands</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {resources.map((resource) => (
            <ResourceRows key={resource.name} resource={resource} isSelected={resource.name === selected} isOpen={opened.has(resource.name)} onToggle={() => toggle(resource.name)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly resource: Resource;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function ResourceRows({ resource, isSelected, isOpen, onToggle }: RowProps) {
  const link = useLinks();
  const hue = useHue();
  const { name, instances } = resource;
  const hasReplicas = instances.length > 1;
  const reason = instances.find((instance) => instance.reason)?.reason;
  return (
    <>
      <tr className={isSelected ? "selected" : undefined}>
        <th scope="row">
          <div className="name-cell">
            {hasReplicas ? (
              <button type="button" className={`twist ${isOpen ? "is-open" : ""}`} aria-expanded={isOpen} aria-label={`${isOpen ? "Hide" : "Show"} the replicas of ${name}`} onClick={onToggle}>
                <svg viewBox="0 0 20 20" aria-hidden="true">
                  <path d="m7.5 5 5 5-5 5" />
                </svg>
              </button>
            ) : (
              <i className="twist" />
            )}
            <i className={`stripe ${hue(name)}`} aria-hidden="true" />
            <a href={link(`/resources/${encodeURIComponent(name)}`)}>{name}</a>
            {hasReplicas && <span className="badge">× {instances.length}</span>}
          </div>
          <div className="type">{resource.type}</div>
        </th>
        <td data-label="State">
          <State state={resource.state} health={resource.health} />
          {reason && !isOpen && <div className="reason">{reason}</div>}
        </td>
        <td data-label="Addresses" className="urls">
          {resource.urls.map(({ name: key, url }) => (
            <Address key={key} url={url} />
          ))}
        </td>
        <UsageCells ids={instances.map(({ id }) => id)} />
        <td className="command-cell">
          <Commands name={name} commands={resource.commands} />
        </td>
      </tr>
      {isOpen && hasReplicas && instances.map((instance) => <InstanceRow key={instance.id} instance={instance} />)}
    </>
  );
}
