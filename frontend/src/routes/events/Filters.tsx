// Which events are shown: by scenario, outcome, kind, day and words in their data. All of it stands in the address.
import { Button, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { ScenarioFilter } from "../runs/ScenarioFilter";
import css from "./EventsPage.module.css";
import { isFiltered, type Wanted } from "./wanted";

interface FiltersProps {
  wanted: Wanted;
  set: (name: keyof Wanted, value: string) => void;
  clear: () => void;
  /** An event is open: on a phone it has the screen to itself. */
  aside: boolean;
}

const PAUSE_MS = 300;

export function Filters({ wanted, set, clear, aside }: FiltersProps) {
  const { t } = useLingui();
  return (
    <div
      role="search"
      className={css.filters}
      data-aside={aside || undefined}
      aria-label={t`Which events are shown`}
    >
      <SegmentedControl
        className={css.outcomes ?? ""}
        aria-label={t`What became of it`}
        value={wanted.outcome}
        onChange={(value) => set("outcome", value)}
        data={[
          { value: "", label: t({ context: "events", message: "All" }) },
          { value: "started", label: t({ context: "events", message: "Started" }) },
          { value: "stopped", label: t({ context: "events", message: "Not started" }) },
          { value: "duplicate", label: t({ context: "events", message: "Came again" }) },
        ]}
      />
      <ScenarioFilter value={wanted.scenario} onChange={(id) => set("scenario", id)} />
      <NativeSelect
        aria-label={t`What came in`}
        value={wanted.kind}
        onChange={(event) => set("kind", event.currentTarget.value)}
        data={[
          { value: "", label: t`Anything that came in` },
          { value: "webhook", label: t({ context: "event", message: "Webhook" }) },
          { value: "schedule", label: t({ context: "event", message: "Schedule" }) },
          { value: "manual", label: t({ context: "event", message: "By hand" }) },
          { value: "call", label: t({ context: "event", message: "Another scenario" }) },
          { value: "record", label: t({ context: "event", message: "Change of a record" }) },
        ]}
      />
      <Words
        key={wanted.text === "" ? "empty" : "words"}
        value={wanted.text}
        onChange={(value) => set("text", value)}
      />
      <div className={css.days}>
        <TextInput
          type="date"
          aria-label={t`From day`}
          value={wanted.from}
          onChange={(event) => set("from", event.currentTarget.value)}
        />
        <span aria-hidden>–</span>
        <TextInput
          type="date"
          aria-label={t`To day`}
          value={wanted.to}
          onChange={(event) => set("to", event.currentTarget.value)}
        />
      </div>
      {isFiltered(wanted) && (
        <Button variant="subtle" color="gray" onClick={clear}>
          <Trans>Show everything</Trans>
        </Button>
      )}
    </div>
  );
}

function Words({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <TextInput
      className={css.words ?? ""}
      aria-label={t`Words in the data`}
      placeholder={t`Words in the data`}
      leftSection={<IconSearch size={16} aria-hidden />}
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
