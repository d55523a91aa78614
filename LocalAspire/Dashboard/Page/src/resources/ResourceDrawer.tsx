import type { Resource } from "../api/wire.js";
import { count, dayTime, duration } from "../format.js";
import { useLinks } from "../routing/useRoute.js";
import { Drawer } from "../shell/Drawer.js";
import { Fact, Facts } from "../shell/Properties.js";
import { Address } from "./Address.js";
import { Commands } from "./Commands.js";
import { Environment } from "./Environment.js";
import { State } from "./State.js";

export function ResourceDrawer({ resource, onClose }: { readonly resource: Resource; readonly onClose: () => void }) {
  const link = useLinks();
  const { name, instances } = resource;
  const names = (list: readonly string[]) =>
    list.map((other, index) => (
      <span key={other}>
        {index > 0 && ", "}
        <a href={link(`/resources/${encodeURIComponent(other)}`)}>{other}</a>
      </span>
    ));
  return (
    <Drawer title={name} onClose={onClose}>
      <p className="drawer-links">
        <a href={link(`/console/${encodeURIComponent(name)}`)}>Console</a>
        <a href={link("/logs", { resource: name })}>Logs</a>
        <a href={link("/traces", { resource: name })}>Traces</a>
        <a href={link("/metrics", { resource: name })}>Metrics</a>
      </p>
      <Facts>
        <Fact name="State">
          <State state={resource.state} health={resource.health} />
        </Fact>
        <Fact name="Type">{resource.type}</Fact>
        {resource.references.length > 0 && <Fact name="Refers to">{names(resource.references)}</Fact>}
        {resource.waitsFor.length > 0 && <Fact name="Waits for">{names(resource.waitsFor)}</Fact>}
      </Facts>
      <Commands name={name} commands={resource.commands} />
      {instances.map((instance) => (
        <section key={instance.id} className="instance-card">
          <h3>
            <a href={link(`/console/${encodeURIComponent(instance.id)}`)} title="Its console">
              {instance.id}
            </a>
            <State state={instance.state} health={instance.health} />
          </h3>
          {instance.reason && <p className="reason">{instance.reason}</p>}
          <Facts>
            {instance.processId !== undefined && <Fact name="Process">{instance.processId}</Fact>}
            {instance.startedAt && <Fact name="Started">{dayTime(instance.startedAt)}</Fact>}
            {instance.readyAfterMs !== undefined && <Fact name="Ready after">{duration(instance.readyAfterMs)}</Fact>}
            {instance.restarts > 0 && <Fact name="Restarts">{count(instance.restarts, "restart")}</Fact>}
            {instance.exitCode !== undefined && <Fact name="Exit code">{instance.exitCode}</Fact>}
            {instance.url && (
              <Fact name="Address">
                <Address url={instance.url} />
              </Fact>
            )}
          </Facts>
          {instances.length > 1 && <Commands name={instance.id} commands={instance.commands} />}
        </section>
      ))}
      <Environment resource={resource} />
    </Drawer>
  );
}
