// Data as a person reads it: names and values, groups that unfold, a button that copies the JSON.
import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { Trans } from "@lingui/react/macro";
import { LargeValue, asLarge } from "./LargeValue";
import "./runs.css";

const OPEN_DEPTH = 2;
const MANY = 50;

export function DataView({ value }: { value: unknown }) {
  if (value === null || value === undefined) {
    return (
      <p className="data-none">
        <Trans>nothing</Trans>
      </p>
    );
  }
  return (
    <div className="data-view">
      <CopyButton value={JSON.stringify(value, null, 2)}>
        {({ copied, copy }) => (
          <Button
            className="data-copy"
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
            onClick={copy}
          >
            {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
          </Button>
        )}
      </CopyButton>
      <Value value={value} depth={0} />
    </div>
  );
}

function Value({ value, depth }: { value: unknown; depth: number }) {
  if (typeof value !== "object" || value === null) return <Scalar value={value} />;
  const large = asLarge(value);
  if (large) return <LargeValue value={large} />;
  const entries: [string, unknown][] = Object.entries(value);
  const rest = entries.length - MANY;
  if (entries.length === 0) return <span className="data-empty">{Array.isArray(value) ? "[ ]" : "{ }"}</span>;
  return (
    <div className="data-rows">
      {entries.slice(0, MANY).map(([key, item]) => (
        <Row
          key={key}
          name={Array.isArray(value) ? String(Number(key) + 1) : key}
          value={item}
          depth={depth}
        />
      ))}
      {rest > 0 && (
        <div className="data-more">
          <Trans>and {rest} more; Copy takes them all</Trans>
        </div>
      )}
    </div>
  );
}

function Row({ name, value, depth }: { name: string; value: unknown; depth: number }) {
  const group =
    typeof value === "object" && value !== null && Object.keys(value).length > 0 && !asLarge(value);
  if (!group) {
    return (
      <div className="data-row">
        <span className="data-name">{name}</span>
        <span className="data-value">
          <Value value={value} depth={depth} />
        </span>
      </div>
    );
  }
  return (
    <div className="data-group">
      <details open={depth < OPEN_DEPTH}>
        <summary>{name}</summary>
        <Value value={value} depth={depth + 1} />
      </details>
    </div>
  );
}

function Scalar({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <span className="data-empty">—</span>;
  const kind = typeof value;
  return (
    <span className={`data-${kind}`}>{kind === "string" ? (value as string) : JSON.stringify(value)}</span>
  );
}
