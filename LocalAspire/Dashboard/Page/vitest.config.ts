import { defineConfig } from "vitest/config";

// Of its own, so that the tests start neither the mock server nor the page's plugins.
export default defineConfig({ test: { include: ["tests/**/*.test.ts"] } });
