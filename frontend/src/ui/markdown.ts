// Reads the little of Markdown that a README needs into plain data. Nothing becomes HTML; unknown marks stay text.

export type Inline =
  | { kind: "text" | "code" | "strong" | "emphasis"; text: string }
  | { kind: "link"; text: string; href: string };

export type Block =
  | { kind: "heading"; level: number; content: Inline[] }
  | { kind: "paragraph"; content: Inline[] }
  | { kind: "list"; ordered: boolean; items: Inline[][] }
  | { kind: "code"; text: string };

const fence = /^\s*```/;
const heading = /^(#{1,6})\s+(.*?)\s*#*$/;
const bullet = /^\s*[-*+]\s+(.*)$/;
const number = /^\s*\d{1,9}[.)]\s+(.*)$/;
// Bounded, so that a text full of opened marks is not read again and again to its end.
const mark =
  /`([^`]{1,400})`|\*\*([^*]{1,400})\*\*|\*([^*\s][^*]{0,400})\*|\[([^[\]]{1,400})\]\(([^()\s]{1,2000})\)/g;

/** Only addresses a browser opens as a page; `javascript:` and the like stay text. */
const safe = /^https?:\/\//i;

export function readMarkdown(source: string): Block[] {
  const lines = source.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const title = heading.exec(line);
    if (line.trim() === "") at += 1;
    else if (fence.test(line)) {
      const end = lines.findIndex((one, place) => place > at && fence.test(one));
      const stop = end < 0 ? lines.length : end;
      blocks.push({ kind: "code", text: lines.slice(at + 1, stop).join("\n") });
      at = stop + 1;
    } else if (title) {
      blocks.push({
        kind: "heading",
        level: title[1]?.length ?? 1,
        content: readInline(title[2] ?? ""),
      });
      at += 1;
    } else {
      const [block, next] =
        bullet.test(line) || number.test(line) ? readList(lines, at) : readText(lines, at);
      blocks.push(block);
      at = next;
    }
  }
  return blocks;
}

function readList(lines: string[], from: number): [Block, number] {
  const ordered = number.test(lines[from] ?? "");
  const item = ordered ? number : bullet;
  const items: string[] = [];
  let at = from;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const found = item.exec(line);
    if (found) items.push(found[1] ?? "");
    else if (/^\s+\S/.test(line) && !fence.test(line)) items.push(`${items.pop() ?? ""} ${line.trim()}`);
    else break;
  }
  return [{ kind: "list", ordered, items: items.map(readInline) }, at];
}

function readText(lines: string[], from: number): [Block, number] {
  let at = from + 1;
  const ends = (line: string) =>
    line.trim() === "" || [fence, heading, bullet, number].some((one) => one.test(line));
  while (at < lines.length && !ends(lines[at] ?? "")) at += 1;
  const text = lines.slice(from, at).map((line) => line.trim());
  return [{ kind: "paragraph", content: readInline(text.join(" ")) }, at];
}

export function readInline(text: string): Inline[] {
  const found: Inline[] = [];
  let last = 0;
  for (const match of text.matchAll(mark)) {
    const [whole, code, strong, emphasis, label, href] = match;
    const one = inlineOf(code, strong, emphasis, label, href);
    if (!one) continue;
    if (match.index > last) found.push({ kind: "text", text: text.slice(last, match.index) });
    found.push(one);
    last = match.index + whole.length;
  }
  if (last < text.length) found.push({ kind: "text", text: text.slice(last) });
  return found;
}

function inlineOf(
  code?: string,
  strong?: string,
  emphasis?: string,
  label?: string,
  href?: string,
): Inline | null {
  if (code !== undefined) return { kind: "code", text: code };
  if (strong !== undefined) return { kind: "strong", text: strong };
  if (emphasis !== undefined) return { kind: "emphasis", text: emphasis };
  if (label !== undefined && href !== undefined && safe.test(href))
    return { kind: "link", text: label, href };
  return null;
}
