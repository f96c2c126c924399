// From a run to what started it.
import { Trans } from "@lingui/react/macro";
import { Link } from "react-router";

export function RunEvent({ id }: { id: string }) {
  return (
    <Link to={`/events?event=${id}`}>
      <Trans>what started it</Trans>
    </Link>
  );
}
