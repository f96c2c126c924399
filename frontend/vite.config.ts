// How the browser app is built, served while developing, and tested.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import react from "@vitejs/plugin-react";
import { lingui } from "@lingui/vite-plugin";
import { defineConfig } from "vitest/config";

const api = process.env.POTOK_API ?? "http://127.0.0.1:8090";

// What every screen needs weighs less in one file than in forty small ones: the modules the app begins with, and the
// icons of its frame. The icons of the canvas likewise.
const sources = (folder: string) =>
  readdirSync(folder)
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => `${folder}/${file}`);
const iconsIn = (files: Iterable<string>) =>
  new Set([...files].flatMap((file) => readFileSync(file, "utf8").match(/\bIcon[A-Z]\w+/g) ?? []));
const isIconOf = (icons: ReadonlySet<string>) => (id: string) =>
  icons.has(/@tabler.*\/(Icon\w+)\.mjs$/.exec(id)?.[1] ?? "");

/** Our own modules that are loaded before any screen is chosen. */
function begun(file: string, found = new Set<string>()): Set<string> {
  found.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(
    /^(?:import|export)\b[^;]*? from "(\.[^"]+)";/gms,
  )) {
    const next = ["", ".ts", ".tsx"]
      .map((end) => join(dirname(file), path) + end)
      .find((one) => /\.tsx?$/.test(one) && existsSync(one));
    if (next !== undefined && !found.has(next)) begun(next, found);
  }
  return found;
}

const frame = begun("src/main.tsx");
const isFrameIcon = isIconOf(iconsIn([...frame, ...sources("src/routes/shell")]));
const isFrame = (id: string) => frame.has(relative(".", id)) || isFrameIcon(id);
const isCanvasIcon = isIconOf(iconsIn([...sources("src/canvas"), ...sources("src/catalog")]));

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
      output: {
        codeSplitting: {
          groups: [
            { name: "frame", test: isFrame, priority: 1 },
            { name: "canvas-icons", test: isCanvasIcon },
          ],
        },
      },
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
