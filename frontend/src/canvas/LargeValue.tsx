// A value too large to show: its size, its beginning, and the whole as a file if it was kept.
import { Anchor } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";

export interface Large {
  bytes: number;
  head: string;
  /** Where the whole is; null when only the beginning was kept. */
  url: string | null;
}

// Run data may look like this by chance or on purpose: only our own path is ever linked.
const LINK = /^\/blobs\/[0-9a-f-]{36}\/[0-9a-f]{64}$/;

export function asLarge(value: unknown): Large | null {
  if (typeof value !== "object" || value === null || !("$blob" in value)) return null;
  const { bytes, head, url, cut } = value as Record<string, unknown>;
  if (typeof bytes !== "number" || typeof head !== "string") return null;
  if (typeof url === "string" && LINK.test(url)) return { bytes, head, url };
  return cut === true ? { bytes, head, url: null } : null;
}

export function LargeValue({ value }: { value: Large }) {
  const { i18n } = useLingui();
  const size = new Intl.NumberFormat(i18n.locale, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: 1,
  }).format(value.bytes / 1024 / 1024);
  return (
    <span className="data-large">
      <span className="data-string">{value.head}…</span>{" "}
      {value.url === null ? (
        <span className="data-empty">
          <Trans>
            Too large: {size}. The scenario’s budget for large data is used up, so only the beginning was
            kept.
          </Trans>
        </span>
      ) : (
        <Anchor href={value.url} download size="sm">
          <Trans>Download all of it ({size})</Trans>
        </Anchor>
      )}
    </span>
  );
}
