// Keys made from names: Latin letters of Russian ones, nothing a formula could not say.
const letters: Record<string, string> = {
  а: "a",
  б: "b",
  в: "v",
  г: "g",
  д: "d",
  е: "e",
  ё: "e",
  ж: "zh",
  з: "z",
  и: "i",
  й: "y",
  к: "k",
  л: "l",
  м: "m",
  н: "n",
  о: "o",
  п: "p",
  р: "r",
  с: "s",
  т: "t",
  у: "u",
  ф: "f",
  х: "h",
  ц: "ts",
  ч: "ch",
  ш: "sh",
  щ: "sch",
  ъ: "",
  ы: "y",
  ь: "",
  э: "e",
  ю: "yu",
  я: "ya",
};
/** What every record has already. */
const reserved = [
  "id",
  "record",
  "type",
  "old",
  "new",
  "true",
  "false",
  "stage",
  "pipeline",
  "stage_at",
  "outcome",
  "probability",
  "close_reason",
  "created_at",
  "updated_at",
];

/** A key nobody has yet: "Дата покупки" is data_pokupki. */
export function keyFrom(name: string, taken: Iterable<string>, fallback = "field"): string {
  const latin = Array.from(name.toLowerCase())
    .map((one) => letters[one] ?? one)
    .join("");
  const slug = latin
    .normalize("NFD")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 36);
  const base = slug === "" ? fallback : slug;
  const known = new Set([...taken, ...reserved]);
  let key = base;
  for (let number = 2; known.has(key); number += 1) key = `${base}_${number}`;
  return key;
}
