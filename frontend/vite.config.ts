// How the browser app is built, served while developing, and tested.
import react from "@vitejs/plugin-react";
import { lingui } from "@lingui/vite-plugin";
import { defineConfig } from "vitest/config";

const api = process.env.POTOK_API ?? "http://127.0.0.1:8090";

export default defineConfig({
  plugins: [
    react(),
    // Macros are expanded natively, .po catalogs compile on import; a missing Russian word fails the build.
    lingui({ macroTransform: true, failOnMissing: true, failOnCompileError: true }),
  ],
  build: {
    outDir: "../backend/potok/server/static",
    emptyOutDir: true,
    target: "es2023",
    sourcemap: false,
    manifest: true,
  },
  server: {
    proxy: {
      "/graphql": { target: api, ws: true },
      "/h": { target: api },
      "/healthz": { target: api },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    restoreMocks: true,
  },
});
