// "Show more" under a list.
import { Button } from "@mantine/core";
import { Trans } from "@lingui/react/macro";
import css from "./Rows.module.css";

interface MoreProps {
  hasMore: boolean;
  loading: boolean;
  onMore: () => Promise<void>;
}

export function More({ hasMore, loading, onMore }: MoreProps) {
  if (!hasMore) return null;
  return (
    <div className={css.more}>
      <Button variant="default" loading={loading} onClick={() => void onMore()}>
        <Trans>Show more</Trans>
      </Button>
    </div>
  );
}
