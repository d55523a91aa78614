import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
// @ts-expect-error: development tooling in plain JavaScript, no types of its own.
import { createMock } from "./dev/mock.mjs";

/** `npm run dev` needs no server: this one answers. With WEB_URL set, a real one does. */
function mockServer(): Plugin {
  return {
    name: "mock-server",
    apply: "serve",
    configureServer(server) {
      const mock = createMock();
      server.middlewares.use((request, response, next) => {
        mock.handle(request, response).then((handled: boolean) => handled || next(), next);
      });
      server.httpServer?.on("upgrade", mock.upgrade);
    },
  };
}

/** A Brotli copy beside each text, so that the server has nothing to compress. */
function compressedCopies(): Plugin {
  return {
    name: "compressed-copies",
    apply: "build",
    writeBundle({ dir = "" }, bundle) {
      for (const [name, file] of Object.entries(bundle)) {
        if (!/\.(js|css|html)$/.test(name)) continue;
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(file.type === "chunk" ? file.code : file.source));
      }
    },
  };
}

const target = process.env.WEB_URL;
const paths = ["/page.json", "/requests", "/files", "/me", "/feedback", "/admin/"];

export default defineConfig({
  plugins: [react(), compressedCopies(), ...(target ? [] : [mockServer()])],
  build: {
    outDir: "../wwwroot",
    emptyOutDir: true,
    target: "es2022",
    // Fonts and icons stay files: the content security policy knows only 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["index.html", "admin.html"] },
  },
  server: target ? { proxy: Object.fromEntries(paths.map((path) => [path, { target, ws: true }])) } : {},
});
