import type { Instance } from "../api/wire.js";
import { count, duration } from "../format.js";
import { useLinks } from "../routing/useRoute.js";
import { Address } from "./Address.js";
import { Commands } from "./Commands.js";
import { State } from "./State.js";
import { UsageCells } from "./UsageCells.js";

export function InstanceRow({ instance }: { readonly instance: Instance }) {
  const link = useLinks();
  const facts = [
    instance.processId !== undefined && `process ${instance.processId}`,
    instance.readyAfterMs !== undefined && `ready after ${duration(instance.readyAfterMs)}`,
    instance.restarts > 0 && count(instance.restarts, "restart"),
    instance.exitCode !== undefined && `exit code ${instance.exitCode}`,
  ].filter(Boolean);
  return (
    <tr className="instance-row">
      <th scope="row">
        <div className="name-cell">
          <a href={link(`/console/${encodeURIComponent(instance.id)}`)} title="Its console">
            {instance.id}
          </a>
        </div>
        <div className="type">{facts.join(", ")}</div>
      </th>
      <td data-label="State">
        <State state={instance.state} health={instance.health} />
        {instance.reason && <div className="reason">{instance.reason}</div>}
      </td>
      <td data-label="Addresses" className="urls">
        {instance.url && <Address url={instance.url} />}
      </td>
      <UsageCells ids={[instance.id]} />
      <td className="command-cell">
        <Commands name={instance.id} commands={instance.commands} />
      </td>
    </tr>
  );
}
