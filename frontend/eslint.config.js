// Rules for the browser app: strict types, hooks, accessibility, no words outside the catalogs.
import js from "@eslint/js";
import lingui from "eslint-plugin-lingui";
import a11y from "eslint-plugin-jsx-a11y-x";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["src/api/generated", "src/locales/*.mjs", "eslint.config.js", ".dependency-cruiser.mjs"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
  },
  hooks.configs.flat["recommended-latest"] ?? hooks.configs.flat.recommended,
  a11y.configs.strict ?? a11y.flatConfigs.strict,
  lingui.configs["flat/recommended"],
  {
    rules: {
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "max-lines": ["error", { max: 400, skipComments: true, skipBlankLines: true }],
      eqeqeq: "error",
    },
  },
);
