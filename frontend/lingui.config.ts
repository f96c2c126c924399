// Words of the screens: English in the source, Russian beside it. The builder has its own catalog,
// so the list screens do not carry its words.
import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

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
      path: "<rootDir>/src/locales/shell.{locale}",
      include: ["<rootDir>/src"],
      exclude: [
        ...builder.map((dir) => `${dir}/**`),
        "**/*.test.*",
        "<rootDir>/src/{testing,api/generated}/**",
      ],
    },
  ],
  format: formatter({ origins: false, lineNumbers: false }),
  orderBy: "message",
  compileNamespace: "es",
});
