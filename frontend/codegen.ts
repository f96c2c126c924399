// Turns the .graphql documents beside the screens into typed documents, checked against the schema.
// One file for the builder and one for the other screens: nobody who looks at a list loads the builder's questions.
import type { CodegenConfig } from "@graphql-codegen/cli";

const plugins = ["typescript-operations", "typed-document-node"];
const shape = {
  useTypeImports: true,
  enumsAsTypes: true,
  skipTypename: true,
  documentMode: "graphQLTag",
  gqlImport: "urql#gql",
  strictScalars: true,
  dedupeFragments: true,
  scalars: { DateTime: "string", JSON: "unknown", ID: "string" },
  avoidOptionals: { field: true, object: true, inputValue: false },
};
const builder = ["canvas", "inspector", "catalog"];

const config: CodegenConfig = {
  schema: "schema.graphql",
  ignoreNoDocuments: true,
  generates: {
    "src/api/generated/graphql.ts": {
      documents: ["src/**/*.graphql", ...builder.map((folder) => `!src/${folder}/**`)],
      plugins,
      config: shape,
    },
    "src/api/generated/builder.ts": {
      documents: ["src/api/problems.graphql", ...builder.map((folder) => `src/${folder}/**/*.graphql`)],
      plugins,
      config: shape,
    },
  },
};

export default config;
