// Weighs the built scripts (gzip): the first screen and the builder must stay within their budgets.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

interface Chunk {
  file: string;
  imports?: string[];
  isEntry?: boolean;
}

const out = process.env.POTOK_BUILT ?? "../backend/potok/server/static";
const manifest = JSON.parse(readFileSync(`${out}/.vite/manifest.json`, "utf8")) as Record<string, Chunk>;

/** Every script a chunk needs before it can run. */
function closure(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const next of chunk.imports ?? []) closure(next, seen);
  return seen;
}

const kb = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(`${out}/${file}`)).length, 0) / 1000;

const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry) ?? "index.html";
const shell = closure(entry);
// The builder: before its lazy chunks (builder.md).
const screens: [label: string, key: string, budget: number][] = [
  ["first screen (home)", "src/routes/home/HomePage.tsx", 150],
  ["scenarios", "src/routes/scenarios/ScenariosPage.tsx", 200],
  ["builder", "src/canvas/BuilderPage.tsx", 300],
];
let failed = false;
for (const [label, key, budget] of screens) {
  if (!manifest[key]) {
    console.error(`${label}: ${key} is not a chunk of the build`);
    failed = true;
    continue;
  }
  const size = kb(closure(key, new Set(shell)));
  failed ||= size > budget;
  console.log(`${label}: ${size.toFixed(1)} kB of ${budget} kB${size > budget ? "  TOO HEAVY" : ""}`);
}
process.exit(failed ? 1 : 0);
