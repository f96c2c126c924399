// What came in, in words: "By hand: Anna", and how often it came again.
import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { EventRowFragment } from "../../api/generated/events";

type Event = Pick<EventRowFragment, "kind" | "by" | "repeats">;

export function useEventWords(): { cameIn: (event: Event) => string; again: (event: Event) => string } {
  const { t } = useLingui();
  const cameIn = ({ kind, by }: Event) => {
    if (kind === "webhook") return t({ context: "event", message: "Webhook" });
    if (kind === "schedule") return t({ context: "event", message: "Schedule" });
    if (kind === "call") return t({ context: "event", message: "Another scenario" });
    if (kind === "record") return t({ context: "event", message: "Change of a record" });
    if (kind !== "manual") return kind;
    return by === "" ? t({ context: "event", message: "By hand" }) : t`By hand: ${by}`;
  };
  const again = ({ repeats }: Event) =>
    repeats === 0
      ? ""
      : t`Came again ${plural(repeats, { one: "# time", other: "# times" })}; a repeat starts nothing.`;
  return { cameIn, again };
}
