// Turns the .graphql documents beside the screens into typed documents, checked against the schema.
import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "schema.graphql",
  documents: ["src/**/*.graphql"],
  ignoreNoDocuments: true,
  generates: {
    "src/api/generated/graphql.ts": {
      plugins: ["typescript-operations", "typed-document-node"],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        skipTypename: true,
        documentMode: "graphQLTag",
        gqlImport: "urql#gql",
        strictScalars: true,
        dedupeFragments: true,
        scalars: { DateTime: "string", JSON: "unknown", ID: "string" },
        avoidOptionals: { field: true, object: true, inputValue: false },
      },
    },
  },
};

export default config;
