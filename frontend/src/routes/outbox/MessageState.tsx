// Held, sent or failed: a word with a colour of its own.
import { Badge } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";

export function MessageState({ state }: { state: string }) {
  const { t } = useLingui();
  const words: Record<string, [word: string, color: string, title: string]> = {
    held: [t({ context: "message", message: "Held" }), "yellow", t`Kept here, not sent`],
    sent: [t({ context: "message", message: "Sent" }), "green", t`Given to the mail server`],
    failed: [t({ context: "message", message: "Not sent" }), "red", t`The mail server refused it`],
  };
  const [word, color, title] = words[state] ?? [state, "gray", ""];
  return (
    <Badge color={color} title={title} size="sm">
      {word}
    </Badge>
  );
}
