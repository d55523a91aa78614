import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
// @ts-expect-error: development tooling in plain JavaScript, no types of its own.
import { createMock } from "./dev/mock.mjs";

/** `npm run dev` needs no AppHost: this one answers. With DASHBOARD_URL set, a real one does. */
function mockServer(): Plugin {
  return {
    name: "mock-server",
    apply: "serve",
    configureServer(server) {
      const handle = createMock();
      server.middlewares.use((request, response, next) => void (handle(request, response) || next()));
    },
  };
}

const target = process.env.DASHBOARD_URL;

export default defineConfig({
  plugins: [react(), ...(target ? [] : [mockServer()])],
  build: {
    outDir: "../../obj/dashboard",
    emptyOutDir: true,
    target: "es2022",
    // light-dark() as it stands; for older browsers each colour would be written three times.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // Fonts and icons stay files: the content security policy knows only 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: target ? { proxy: { "/api": { target }, "/login": { target } } } : {},
});
