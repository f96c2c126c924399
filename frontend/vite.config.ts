// How the browser app is built, served while developing, and tested.
import { readdirSync, readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import { lingui } from "@lingui/vite-plugin";
import { defineConfig } from "vitest/config";

const api = process.env.POTOK_API ?? "http://127.0.0.1:8090";

// The icons of the frame stand on every screen: in one file they weigh half of what they weigh in a file each.
const frame = "src/routes/shell";
const frameIcons = new Set(
  readdirSync(frame).flatMap(
    (file) => readFileSync(`${frame}/${file}`, "utf8").match(/\bIcon[A-Z]\w+/g) ?? [],
  ),
);
const isFrameIcon = (id: string) => frameIcons.has(/@tabler.*\/(Icon\w+)\.mjs$/.exec(id)?.[1] ?? "");

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
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "frame", test: isFrameIcon }] } },
    },
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
