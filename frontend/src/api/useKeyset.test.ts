import { expect, test } from "vitest";
import { mergeFirst } from "./useKeyset";

const page = (ids: string, hasNextPage = true) => ({
  nodes: Array.from(ids, (id) => ({ id })),
  pageInfo: { endCursor: ids.at(-1) ?? null, hasNextPage },
});
const loaded = (ids: string) => ({
  items: page(ids).nodes,
  pageInfo: { endCursor: "end", hasNextPage: false },
});
const idsOf = (list: { items: readonly { id: string }[] }) => list.items.map((item) => item.id).join("");

test("new rows come on top and older pages stay below", () => {
  const merged = mergeFirst(loaded("edcba"), page("gfed"));
  expect(idsOf(merged)).toBe("gfedcba");
  expect(merged.pageInfo.endCursor).toBe("end");
});

test("a row deleted from the first page disappears", () => {
  expect(idsOf(mergeFirst(loaded("edcba"), page("ecb")))).toBe("ecba");
});

test("when so much is new that the pages no longer meet, the list starts anew", () => {
  const merged = mergeFirst(loaded("cba"), page("zyx"));
  expect(idsOf(merged)).toBe("zyx");
  expect(merged.pageInfo.endCursor).toBe("x");
});

test("a first page that is the whole list replaces everything", () => {
  expect(idsOf(mergeFirst(loaded("cba"), page("c", false)))).toBe("c");
});
