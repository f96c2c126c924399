// Who may import whom in the browser app (house.md, rule 5).
/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "graph-knows-no-view",
      comment: "graph/ is the document: no React, no view library, no other room",
      severity: "error",
      from: { path: "^src/graph/" },
      to: {
        path: "node_modules/(react|react-dom|@xyflow|@mantine|urql|zustand)(/|$)|^src/(canvas|inspector|catalog|routes|ui)/",
      },
    },
    {
      name: "canvas-and-inspector-meet-in-graph",
      severity: "error",
      from: { path: "^src/inspector/" },
      to: { path: "^src/canvas/" },
    },
    {
      name: "canvas-not-into-inspector",
      comment: "only the pages that lay both out may know both, and the part of them that comes later",
      severity: "error",
      from: {
        path: "^src/canvas/",
        pathNot: "^src/canvas/(BuilderPage|StepSide|RunPage|ScenarioSettings)\\.tsx$",
      },
      to: { path: "^src/inspector/" },
    },
    {
      name: "downward-only",
      comment: "ui and api serve the screens and know none of them",
      severity: "error",
      from: { path: "^src/(ui|api)/" },
      to: { path: "^src/(routes|canvas|inspector|catalog)/" },
    },
    {
      name: "api-is-generated",
      comment: "types of the API come from the printed schema through src/api only",
      severity: "error",
      from: { pathNot: "^src/api/" },
      to: { path: "schema\\.graphql$" },
    },
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-tests-in-the-app",
      severity: "error",
      from: { pathNot: "\\.test\\.tsx?$|^src/testing/" },
      to: { path: "\\.test\\.tsx?$|^src/testing/" },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: {
        couldNotResolve: true,
        pathNot: "^@lingui/(core|react)/macro$|^@graphql-typed-document-node/core$",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
