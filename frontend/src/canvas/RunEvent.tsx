// From a run to what started it.
import { Anchor } from "@mantine/core";
import { Trans } from "@lingui/react/macro";
import { Link } from "react-router";

export function RunEvent({ id }: { id: string }) {
  return (
    <Anchor component={Link} to={`/events?event=${id}`} inherit>
      <Trans>what started it</Trans>
    </Anchor>
  );
}
