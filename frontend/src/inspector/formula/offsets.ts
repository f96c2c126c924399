/** The server counts characters, the browser counts units of UTF-16: they differ behind an emoji. */

export function toCharacters(text: string, units: number): number {
  return Array.from(text.slice(0, units)).length;
}

export function toUnits(text: string, characters: number): number {
  return Array.from(text).slice(0, characters).join("").length;
}
