import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * One step of a page's build: `npm-step.mjs <stamp> <command> …` runs the command and then touches the stamp.
 * Two builds of one clone take turns, and the second does not repeat what the first has just done.
 */

const [stamp, ...command] = process.argv.slice(2);
// One for the clone, and not in node_modules, which an install empties.
const lock = join(import.meta.dirname, "obj", "lock");
const waitLimitMs = 10 * 60_000;
const started = Date.now();

mkdirSync(dirname(lock), { recursive: true });
const waited = await takeTurn();
try {
  if (!waited || modifiedAt(stamp) < started) run();
} finally {
  rmSync(lock, { force: true });
}

function run() {
  const { status } = spawnSync(command.join(" "), { shell: true, stdio: "inherit" });
  if (status !== 0) {
    process.exitCode = status ?? 1;
    return;
  }
  mkdirSync(dirname(stamp), { recursive: true });
  closeSync(openSync(stamp, "a"));
  utimesSync(stamp, new Date(), new Date());
}

/** True when somebody else had the turn first. */
async function takeTurn() {
  for (let waited = false; ; waited = true) {
    try {
      const file = openSync(lock, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      return waited;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isAbandoned()) rmSync(lock, { force: true });
    else if (Date.now() - started > waitLimitMs) throw new Error(`Another build holds ${lock}.`);
    else await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The process that holds the turn is gone without having given it back. */
function isAbandoned() {
  try {
    const holder = Number(readFileSync(lock, "utf8"));
    // Between its creation and the first write the lock is empty, and in use.
    if (holder === 0) return Date.now() - statSync(lock).mtimeMs > 5000;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function modifiedAt(file) {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
