// What a scenario can be built from: drag an entry onto the canvas, or click it.
import { useMemo, useState } from "react";
import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { IconLayoutSidebarLeftCollapse, IconSearch } from "@tabler/icons-react";
import { Trans, useLingui } from "@lingui/react/macro";
import { TypeIcon } from "../catalog/icons";
import type { NodeType } from "../graph/types";
import { useBuilder } from "./builder";
import { sectionsOf } from "./typeSearch";
import { likelyLanding, useAdd } from "./useAdd";
import { usePaletteDrag } from "./usePaletteDrag";
import { useView } from "./view";
import "./palette.css";

export function Palette() {
  const { t } = useLingui();
  const { types, groups, doc } = useBuilder();
  const [query, setQuery] = useState("");
  const add = useAdd();
  const toggle = useView((view) => view.togglePalette);
  const { start, ghost } = usePaletteDrag();
  const sections = useMemo(() => sectionsOf(types, groups, query, true), [types, groups, query]);
  const place = (type: NodeType) =>
    add(type, likelyLanding(doc.toJSON(), types, useView.getState().nodes), null);

  return (
    <aside className="palette" aria-label={t`Steps to add`} data-canvas-panel>
      <div className="palette-head">
        <TextInput
          className="palette-search"
          size="sm"
          placeholder={t`Find a step…`}
          aria-label={t`Find a step`}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            const first = sections[0]?.types[0];
            if (event.key === "Enter" && query.trim() !== "" && first) {
              place(first);
              setQuery("");
            }
            if (event.key === "Escape") setQuery("");
          }}
        />
        <Tooltip label={t`Hide the list of steps`}>
          <ActionIcon variant="subtle" color="gray" aria-label={t`Hide the list of steps`} onClick={toggle}>
            <IconLayoutSidebarLeftCollapse size={18} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className="palette-list">
        {sections.map((section) => (
          <div key={section.title} role="group" aria-label={section.title || t`Found`}>
            {section.title !== "" && <h2 className="palette-group">{section.title}</h2>}
            <ul>
              {section.types.map((type) => (
                <li key={type.type}>
                  <button
                    type="button"
                    className="palette-item"
                    data-testid={`palette-${type.type}`}
                    title={type.help}
                    onPointerDown={(event) => start(event, type)}
                    onClick={() => place(type)}
                  >
                    <TypeIcon type={type} size={32} />
                    <span className="palette-words">{type.title}</span>
                  </button>
                </li>
              ))}
            </ul>
          </div>
        ))}
        {sections.length === 0 && (
          <p className="palette-none">
            <Trans>No step is called that. Try another word.</Trans>
          </p>
        )}
      </div>
      {ghost && (
        <div
          className="palette-ghost"
          style={{ transform: `translate(${ghost.x}px, ${ghost.y}px)` }}
          aria-hidden
        >
          <TypeIcon type={ghost.type} size={32} />
          {ghost.type.title}
        </div>
      )}
    </aside>
  );
}
