// Turns the .graphql documents beside the screens into typed documents, checked against the schema.
// Files of their own for the builder and for what comes after it: nobody loads the questions of a screen not looked at.
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
  scalars: { Date: "string", DateTime: "string", JSON: "unknown", ID: "string" },
  avoidOptionals: { field: true, object: true, inputValue: false },
};
const builder = ["canvas", "inspector", "catalog"];
const problems = "src/api/problems.graphql";
const step = "src/canvas/step.graphql";
/** Screens with documents of their own, so that the first screen does not carry them. */
const own = [
  "routes/calendar",
  "routes/calendars",
  "routes/events",
  "routes/records",
  "routes/retention",
  "routes/variables",
];
const runs = "src/api/runs.graphql";
const manage = ["people", "keys", "plugins", "outbox", "runs"].map((folder) => `routes/${folder}`);

const config: CodegenConfig = {
  schema: "schema.graphql",
  ignoreNoDocuments: true,
  generates: {
    "src/api/generated/manage.ts": {
      documents: [problems, runs, ...manage.map((folder) => `src/${folder}/**/*.graphql`)],
      plugins,
      config: shape,
    },
    "src/api/generated/events.ts": {
      documents: ["src/routes/events/**/*.graphql"],
      plugins,
      config: shape,
    },
    "src/api/generated/graphql.ts": {
      documents: [
        "src/**/*.graphql",
        ...[...builder, ...own, ...manage].map((folder) => `!src/${folder}/**`),
      ],
      plugins,
      config: shape,
    },
    "src/api/generated/builder.ts": {
      documents: [problems, step, "src/canvas/builder.graphql", "src/catalog/**/*.graphql"],
      plugins,
      config: shape,
    },
    "src/api/generated/runs.ts": {
      documents: [problems, step, "src/canvas/{items,run*}.graphql"],
      plugins,
      config: shape,
    },
    "src/api/generated/calendar.ts": {
      documents: ["src/routes/calendar/**/*.graphql"],
      plugins,
      config: shape,
    },
    "src/api/generated/calendars.ts": {
      documents: [problems, "src/routes/calendars/**/*.graphql"],
      plugins,
      config: shape,
    },
    "src/api/generated/records.ts": {
      documents: [problems, "src/routes/records/**/*.graphql"],
      plugins,
      config: shape,
    },
    "src/api/generated/retention.ts": {
      documents: [problems, "src/routes/retention/**/*.graphql"],
      plugins,
      config: shape,
    },
    "src/api/generated/variables.ts": {
      documents: [problems, "src/routes/variables/**/*.graphql"],
      plugins,
      config: shape,
    },
    "src/api/generated/inspector.ts": {
      documents: ["src/inspector/**/*.graphql"],
      plugins,
      config: shape,
    },
  },
};

export default config;
