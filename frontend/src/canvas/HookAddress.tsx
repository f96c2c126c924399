// The address of a webhook trigger, ready to copy, and a line that calls it.
import { ActionIcon, Code, CopyButton, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import "./side.css";

export function HookAddress({ url, published }: { url: string | undefined; published: boolean }) {
  const { t } = useLingui();
  if (url === undefined) {
    return (
      <Text size="sm" c="dimmed" role="status">
        <Trans>The address appears here as soon as the draft is saved.</Trans>
      </Text>
    );
  }
  const address = new URL(url, location.origin).href;
  const line = `curl -X POST ${address} -H 'content-type: application/json' -d '{"amount": 1500}'`;
  return (
    <div className="hook-address">
      <Copyable label={t`Address of this webhook`} text={address} testId="hook-url" />
      <Copyable label={t`Try it from a terminal`} text={line} testId="hook-curl" />
      {!published && (
        <Text size="xs" c="dimmed">
          <Trans>It answers once the scenario is published and switched on.</Trans>
        </Text>
      )}
    </div>
  );
}

function Copyable({ label, text, testId }: { label: string; text: string; testId: string }) {
  const { t } = useLingui();
  return (
    <div>
      <span className="field-label">{label}</span>
      <div className="copyable">
        <Code data-testid={testId}>{text}</Code>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? t`Copied` : t`Copy`}>
              <ActionIcon variant="subtle" aria-label={t`Copy: ${label}`} onClick={copy}>
                {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </div>
    </div>
  );
}
