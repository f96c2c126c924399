// An empty scenario starts the work: what should start it? One click and the first step stands there.
import { Trans } from "@lingui/react/macro";
import { firstSentence } from "../catalog/help";
import { TypeIcon } from "../catalog/icons";
import { useBuilder } from "./builder";
import { useAdd } from "./useAdd";
import "./over.css";

export function EmptyCanvas() {
  const { types, readOnly } = useBuilder();
  const add = useAdd();
  const triggers = [...types.values()].filter((type) => type.kind === "TRIGGER");
  if (readOnly) {
    return (
      <div className="empty-canvas">
        <p>
          <Trans>This scenario is empty so far.</Trans>
        </p>
      </div>
    );
  }
  return (
    <div className="empty-canvas">
      <h2>
        <Trans>What starts this scenario?</Trans>
      </h2>
      <p>
        <Trans>Pick a start here, or drag any step from the list on the left.</Trans>
      </p>
      <ul>
        {triggers.map((type) => (
          <li key={type.type}>
            <button
              type="button"
              className="empty-start"
              onClick={() => add(type, {}, null)}
              data-testid={`start-${type.type}`}
            >
              <TypeIcon type={type} size={40} />
              <span>
                <strong>{type.title}</strong>
                <span className="palette-help">{firstSentence(type.help)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
