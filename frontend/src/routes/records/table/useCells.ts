// Which cell is being changed, what was typed into cells, and what the server refused. Changes are shown at once
// and taken back when they are refused; what was typed stays.
import { useCallback, useRef, useState } from "react";
import type { Field, Row } from "../model";
import { useSave } from "../useSave";
import type { Rows } from "./useRows";

export interface Draft {
  value: unknown;
  error?: string;
}

export interface Place {
  id: string;
  key: string;
}

export const markOf = (id: string, key: string) => `${id}:${key}`;

export function useCells(list: Pick<Rows, "put">) {
  const save = useSave();
  const { put } = list;
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const [editing, setEditing] = useState<Place | null>(null);
  // Changes of one record go one after another: each needs the version the last one made.
  const queues = useRef(new Map<string, Promise<unknown>>());
  const versions = useRef(new Map<string, number>());

  const draft = useCallback((mark: string, next: Draft | null) => {
    setDrafts((was) => {
      const drafts = new Map(was);
      if (next) drafts.set(mark, next);
      else drafts.delete(mark);
      return drafts;
    });
  }, []);

  const keep = useCallback(
    (row: Row, field: Field, value: unknown) => {
      const mark = markOf(row.id, field.key);
      draft(mark, { value });
      setEditing(null);
      const send = async () => {
        const version = Math.max(row.version, versions.current.get(row.id) ?? 0);
        const saved = await save({ ...row, version }, { [field.key]: value });
        if (saved.record) {
          versions.current.set(row.id, saved.record.version);
          put(saved.record);
          draft(mark, null);
          return;
        }
        if (saved.newest) {
          versions.current.set(row.id, saved.newest.version);
          put(saved.newest);
        }
        draft(mark, { value, error: saved.words });
        setEditing((now) => now ?? { id: row.id, key: field.key });
      };
      const before = queues.current.get(row.id) ?? Promise.resolve();
      queues.current.set(row.id, before.then(send));
    },
    [draft, put, save],
  );

  const giveUp = useCallback(
    (place: Place) => {
      draft(markOf(place.id, place.key), null);
      setEditing(null);
    },
    [draft],
  );
  return { drafts, editing, edit: setEditing, keep, giveUp };
}
