// The palette at a spot: opened by "+" or "/", searched by typing, the chosen step lands connected.
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { FocusTrap, TextInput } from "@mantine/core";
import { useClickOutside } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { firstSentence } from "../catalog/help";
import { TypeIcon } from "../catalog/icons";
import type { NodeType } from "../graph/types";
import { useBuilder } from "./builder";
import { sectionsOf } from "./typeSearch";
import { likelyLanding, useAdd } from "./useAdd";
import { type Adding, useView } from "./view";
import "./palette.css";

const WIDTH = 320;
const HEIGHT = 420;

export function AddStep() {
  const adding = useView((view) => view.adding);
  return adding && <AddStepAt key={`${adding.x},${adding.y}`} adding={adding} />;
}

function AddStepAt({ adding }: { adding: Adding }) {
  const { t } = useLingui();
  const { types, groups, doc } = useBuilder();
  const close = () => useView.getState().add(null);
  const box = useClickOutside(close);
  const before = useRef(document.activeElement);
  const add = useAdd();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const attached = adding.landing.after !== undefined || adding.landing.on !== undefined;
  const sections = useMemo(
    () => sectionsOf(types, groups, query, !attached),
    [types, groups, query, attached],
  );
  const flat = sections.flatMap((section) => section.types);
  const active = Math.min(at, flat.length - 1);
  const place = useMemo(() => placeOnScreen(adding), [adding]);

  useEffect(() => {
    const opener = before.current;
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  useLayoutEffect(() => {
    document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active, listId]);

  const choose = (type: NodeType | undefined) => {
    if (!type) return;
    close();
    const landing = attached ? adding.landing : likelyLanding(doc.toJSON(), types, useView.getState().nodes);
    add(type, landing, adding.at);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(flat.length - 1, active + 1));
    else if (event.key === "ArrowUp") setAt(Math.max(0, active - 1));
    else if (event.key === "Enter") choose(flat[active]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <FocusTrap active>
      <div
        ref={box}
        className="add-step"
        style={place}
        role="dialog"
        aria-label={t`Add a step`}
        data-testid="add-step"
      >
        <TextInput
          data-autofocus
          className="palette-search"
          placeholder={t`What happens next?`}
          aria-label={t`Find a step`}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={query}
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={flat[active] ? `${listId}-${active}` : undefined}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div className="add-step-list" role="listbox" id={listId} aria-label={t`Steps`} tabIndex={-1}>
          {sections.map((section) => (
            <div key={section.title} role="group" aria-label={section.title || t`Found`}>
              {section.title !== "" && <div className="palette-group">{section.title}</div>}
              {section.types.map((type) => {
                const index = flat.indexOf(type);
                return (
                  // The search field keeps the focus; keys reach the rows by aria-activedescendant.
                  // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/interactive-supports-focus
                  <div
                    key={type.type}
                    id={`${listId}-${index}`}
                    role="option"
                    aria-selected={index === active}
                    className="palette-item"
                    data-active={index === active}
                    data-testid={`add-${type.type}`}
                    onClick={() => choose(type)}
                  >
                    <TypeIcon type={type} size={32} />
                    <span className="palette-words">
                      {type.title}
                      <span className="palette-help">{firstSentence(type.help)}</span>
                    </span>
                  </div>
                );
              })}
            </div>
          ))}
          {flat.length === 0 && (
            <p className="palette-none">
              <Trans>No step is called that. Try another word.</Trans>
            </p>
          )}
        </div>
      </div>
    </FocusTrap>
  );
}

function placeOnScreen({ x, y }: Adding) {
  if (window.innerWidth < 480) return { left: 8, right: 8, bottom: 8, maxHeight: "70vh" };
  return {
    left: Math.max(8, Math.min(x, window.innerWidth - WIDTH - 8)),
    top: Math.max(8, Math.min(y, window.innerHeight - HEIGHT - 8)),
    width: WIDTH,
    maxHeight: HEIGHT,
  };
}
