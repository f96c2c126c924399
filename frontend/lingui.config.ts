// Words of the screens: English in the source, Russian beside it. The builder and the records have their
// own catalogs, so the list screens do not carry their words.
import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

const records = "<rootDir>/src/routes/records";
const builder = ["graph", "canvas", "inspector", "catalog"].map((dir) => `<rootDir>/src/${dir}`);

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "ru"],
  catalogs: [
    {
      path: "<rootDir>/src/locales/builder.{locale}",
      include: builder,
      exclude: ["**/*.test.*"],
    },
    {
      path: "<rootDir>/src/locales/records.{locale}",
      include: [records],
      exclude: ["**/*.test.*"],
    },
    {
      path: "<rootDir>/src/locales/shell.{locale}",
      include: ["<rootDir>/src"],
      exclude: [
        ...[...builder, records].map((dir) => `${dir}/**`),
        "**/*.test.*",
        "<rootDir>/src/{testing,api/generated}/**",
      ],
    },
  ],
  format: formatter({ origins: false, lineNumbers: false }),
  orderBy: "message",
  compileNamespace: "es",
});
