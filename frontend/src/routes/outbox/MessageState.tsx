// Held, sent or failed: a word with a tone of its own.
import { useLingui } from "@lingui/react/macro";
import { Tag, type Tone } from "../../ui/Tag";

export function MessageState({ state }: { state: string }) {
  const { t } = useLingui();
  const words: Record<string, [word: string, tone: Tone, title: string]> = {
    held: [t({ context: "message", message: "Held" }), "warn", t`Kept here, not sent`],
    sent: [t({ context: "message", message: "Sent" }), "good", t`Given to the mail server`],
    failed: [t({ context: "message", message: "Not sent" }), "bad", t`The mail server refused it`],
  };
  const [word, tone, title] = words[state] ?? [state, "plain", ""];
  return (
    <Tag tone={tone} title={title}>
      {word}
    </Tag>
  );
}
