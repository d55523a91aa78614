// Prints what a page pays for the package, minified and compressed as a server would send it: npm run size -w Client
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const virtual = "\0measured";

async function measure(source, external = []) {
  const { output } = await build({
    configFile: false,
    logLevel: "error",
    root: fileURLToPath(new URL(".", import.meta.url)),
    plugins: [
      {
        name: "measured",
        resolveId: (id, importer) => (id === virtual ? virtual : importer === virtual && id.startsWith(".") ? fileURLToPath(new URL(id, import.meta.url)) : undefined),
        load: (id) => (id === virtual ? source : undefined),
      },
    ],
    build: {
      write: false,
      target: "es2022",
      modulePreload: { polyfill: false },
      rolldownOptions: { input: virtual, external, preserveEntrySignatures: "strict" },
    },
  });
  const chunks = output.filter(({ type }) => type === "chunk");
  const lazy = chunks.filter((chunk) => chunk.isDynamicEntry);
  const first = chunks.filter((chunk) => !chunk.isDynamicEntry);
  return { first: sizes(first), lazy: sizes(lazy) };
}

function sizes(chunks) {
  return {
    minified: chunks.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0),
    gzip: chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0),
  };
}

const client = await measure('export { FeedbackClient } from "./dist/index.js";');
const all = await measure('export * from "./dist/index.js";');
const hooks = await measure('export * from "./dist/react/index.js";', ["react"]);

const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(9);
const line = (what, { minified, gzip }) => console.log(`${what.padEnd(52)}${kb(minified)} ${kb(gzip)}`);
console.log(`${"".padEnd(52)} minified      gzip`);
line("aspire-feedback, FeedbackClient", client.first);
line("aspire-feedback, every export", all.first);
line("SignalR, loaded with the first WebSocket", client.lazy);
line("aspire-feedback/react, without React", hooks.first);
