// Fails when the catalogs lag behind the source, or when a Russian word is missing.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const folder = "src/locales";
const catalogs = () => readdirSync(folder).filter((name) => name.endsWith(".po"));
const read = (name: string) => readFileSync(`${folder}/${name}`, "utf8");
// The header carries a date; only the messages count.
const messages = (text: string) => text.slice(text.indexOf("\n\n"));

const before = new Map(catalogs().map((name) => [name, messages(read(name))]));
execFileSync("npx", ["lingui", "extract", "--clean"], { stdio: "pipe" });

const problems: string[] = [];
// Catalogs are merged when they load: one English word must have one Russian word, or a context that tells them apart.
const said = new Map<string, [words: string, catalog: string]>();
for (const name of catalogs()) {
  const now = read(name);
  if (before.get(name) !== messages(now)) {
    problems.push(`${name} lagged behind the source; it has been updated: translate what is new, commit it`);
  }
  if (!name.includes(".ru.")) continue;
  for (const entry of now.split("\n\n").slice(1)) {
    const [, source, words] = /^((?:msgctxt .*\n)?msgid .*)\nmsgstr (.*)$/m.exec(entry) ?? [];
    const known = source === undefined ? undefined : said.get(source);
    if (known !== undefined && known[0] !== words) {
      problems.push(`${name}: ${source} is ${words}, but ${known[0]} in ${known[1]}`);
    } else if (source !== undefined && words !== undefined && words !== '""') {
      said.set(source, [words, name]);
    }
    if (/^msgstr(\[\d\])? ""\s*$/m.test(entry) && !/^msgstr ""\n"/m.test(entry)) {
      problems.push(`${name}: no Russian for ${/^msgid (.*)$/m.exec(entry)?.[1] ?? entry}`);
    }
  }
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log("Catalogs are complete and up to date.");
