import { useLive } from "../api/useLive.js";
import { bytes, cpu } from "../format.js";
import { Sparkline } from "./Sparkline.js";

const leastCpu = 0.1;
const leastMemory = 50e6;

/** Of all processes together. */
export function UsageCells({ ids }: { readonly ids: readonly string[] }) {
  const usage = useLive((now) => now.usage);
  const histories = ids.flatMap((id) => usage.get(id) ?? []).length === 0 ? [] : ids.map((id) => usage.get(id) ?? []);
  const length = Math.max(0, ...histories.map((history) => history.length));
  const total = (of: "cpu" | "memoryBytes") =>
    Array.from({ length }, (_, back) => histories.reduce((sum, history) => sum + (history[history.length - length + back]?.[of] ?? 0), 0));
  const cores = total("cpu");
  const memory = total("memoryBytes");
  const nowCores = cores.at(-1);
  const nowMemory = memory.at(-1);
  return (
    <>
      <td data-label="CPU" className="usage">
        {nowCores === undefined ? (
          <span className="fine">–</span>
        ) : (
          <>
            <Sparkline values={cores} least={leastCpu} label="CPU, the last two minutes" />
            {cpu(nowCores)}
          </>
        )}
      </td>
      <td data-label="Memory" className="usage">
        {nowMemory === undefined ? (
          <span className="fine">–</span>
        ) : (
          <>
            <Sparkline values={memory} least={leastMemory} label="Memory, the last two minutes" />
            {bytes(nowMemory)}
          </>
        )}
      </td>
    </>
  );
}
