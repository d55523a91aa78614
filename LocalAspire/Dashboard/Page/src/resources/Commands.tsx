import { useState } from "react";
import { call, say } from "../api/call.js";

const words: Readonly<Record<string, readonly [string, string]>> = {
  start: ["Start", "Starting"],
  stop: ["Stop", "Stopping"],
  restart: ["Restart", "Restarting"],
  kill: ["Kill", "Killing"],
};

/** Busy until the AppHost says that the state has changed; a refusal stays until the next press. */
export function Commands({ name, commands }: { readonly name: string; readonly commands: readonly string[] }) {
  const [busy, setBusy] = useState<string>();
  const [trouble, setTrouble] = useState<string>();
  const run = async (command: string) => {
    setBusy(command);
    setTrouble(undefined);
    try {
      const response = await call(`/api/resources/${encodeURIComponent(name)}/commands/${command}`, { method: "POST" });
      const answer = (await response.json()) as { readonly success: boolean; readonly message?: string };
      if (!answer.success) setTrouble(answer.message ?? `${words[command]?.[0] ?? command} did not work.`);
    } catch (error) {
      setTrouble(say(error));
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <div className="commands">
      {busy && (
        <span className="busy" role="status">
          <span className="spinner" aria-hidden="true" />
          {words[busy]?.[1] ?? busy}…
        </span>
      )}
      {!busy &&
        commands.map((command) => (
          <button key={command} type="button" className={`button small ${command === "kill" ? "danger" : ""}`} aria-label={`${words[command]?.[0] ?? command} ${name}`} onClick={() => void run(command)}>
            {words[command]?.[0] ?? command}
          </button>
        ))}
      {trouble && (
        <p className="command-trouble" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}
