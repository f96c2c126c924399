import { I18nProvider } from "@lingui/react";
import { i18n } from "@lingui/core";
import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useSyncExternalStore } from "react";
import { beforeEach, describe, expect, it } from "vitest";
import { Commands } from "../graph/commands";
import { ScenarioDoc } from "../graph/doc";
import { messages } from "../locales/builder.en.po";
import { graph, node, TYPES } from "../testing/graphs";
import { BuilderContext } from "./builder";
import { ScenarioSettings } from "./ScenarioSettings";

function setup(readOnly = false) {
  const doc = new ScenarioDoc(
    graph([node("hook", "webhook.received"), node("mail", "mail.send")], ["hook>mail"]),
  );
  const commands = new Commands(doc, () => TYPES);
  const problem = {
    code: "limit_key_not_trigger",
    message: "A limit is divided by data of a step.",
    fix: "",
    warning: false,
    nodeId: null,
    path: ["settings", "limits", "rate", "key"],
  };
  function Shown() {
    const now = useSyncExternalStore(doc.subscribe, doc.toJSON);
    const builder = {
      doc,
      commands,
      graph: now,
      types: TYPES,
      groups: [],
      readOnly,
      problems: new Map(),
      overlay: null,
    };
    return (
      <BuilderContext value={builder}>
        <ScenarioSettings
          problems={[problem, { ...problem, nodeId: "mail", message: "other" }]}
          seen={new Map()}
        />
      </BuilderContext>
    );
  }
  render(
    <I18nProvider i18n={i18n}>
      <MantineProvider>
        <Shown />
      </MantineProvider>
    </I18nProvider>,
  );
  return { settings: () => (doc.toJSON() as { settings?: unknown }).settings };
}

describe("the settings of a scenario", () => {
  beforeEach(() => {
    i18n.loadAndActivate({ locale: "en", messages });
  });

  it("limit how many runs go on at once, and take the limit away again, by keyboard alone", async () => {
    const { settings } = setup();
    await userEvent.tab();
    const field = screen.getByLabelText("Runs at once, at most");
    while (document.activeElement !== field) await userEvent.tab();
    await userEvent.keyboard("2");
    expect(settings()).toEqual({ limits: { concurrency: { at_most: 2 } } });
    await userEvent.selectOptions(screen.getByLabelText("Further runs"), "skip");
    expect(settings()).toEqual({ limits: { concurrency: { at_most: 2, when_full: "skip" } } });
    await userEvent.clear(field);
    expect(settings()).toBeUndefined();
  });

  it("limit how often runs begin, in the unit the person picks", async () => {
    const { settings } = setup();
    const group = within(screen.getByRole("group", { name: "How often" }));
    await userEvent.type(group.getByLabelText("Runs that begin, at most"), "10");
    expect(settings()).toEqual({ limits: { rate: { at_most: 10, per_seconds: 60 } } });
    await userEvent.selectOptions(group.getByLabelText("within: unit"), "hours");
    expect(settings()).toEqual({ limits: { rate: { at_most: 10, per_seconds: 3600 } } });
  });

  it("say how long a run may take", async () => {
    const { settings } = setup();
    await userEvent.type(screen.getByLabelText("A run may take at most"), "5");
    expect(settings()).toEqual({ run_timeout_seconds: 300 });
  });

  it("show their own problems and can only be read where nothing may be changed", () => {
    setup(true);
    expect(screen.getByText("A limit is divided by data of a step.")).toBeInTheDocument();
    expect(screen.queryByText("other")).not.toBeInTheDocument();
    expect(screen.getByLabelText("Runs at once, at most")).toBeDisabled();
  });
});
