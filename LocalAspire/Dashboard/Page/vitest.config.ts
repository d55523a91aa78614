import { defineConfig } from "vitest/config";

// Of its own, so that the tests start neither the mock server nor the page's plugins. On a busy machine they may take their time: they run beside
// real servers.
export default defineConfig({ test: { include: ["tests/**/*.test.ts"], testTimeout: 30_000 } });
