/** New step ids: readable in the text format, and random enough that two people adding at once never collide. */

const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

export function newId(type: string, taken: ReadonlySet<string>): string {
  const stem = (type.split(".").at(-1) ?? "step").replace(/[^a-z0-9_]/g, "").slice(0, 40) || "step";
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(4));
    const id = `${stem}_${[...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join("")}`;
    if (!taken.has(id)) return id;
  }
}
