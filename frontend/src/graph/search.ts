/** Finding by typing, forgiving about case, ё, word order and the wrong keyboard layout ("rjyn" finds "контакт"). */

const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё";

function swap(text: string, from: string, to: string): string {
  return Array.from(text, (letter) => to[from.indexOf(letter)] ?? letter).join("");
}

export function fold(text: string): string {
  return text.toLowerCase().normalize("NFKC").replaceAll("ё", "е").trim();
}

/** What may have been meant: the text as typed, and as typed on the other layout. */
export function readings(query: string): string[] {
  const typed = query.toLowerCase().trim();
  return [...new Set([typed, swap(typed, LATIN, CYRILLIC), swap(typed, CYRILLIC, LATIN)].map(fold))];
}

/** How well `words` answer `query`; 0 means not at all. Earlier words weigh more: put the title first. */
export function score(query: string, words: readonly string[]): number {
  if (query.trim() === "") return 1;
  return Math.max(...readings(query).map((reading, i) => scoreReading(reading, words) * (i === 0 ? 1 : 0.9)));
}

function scoreReading(reading: string, words: readonly string[]): number {
  const terms = reading.split(/\s+/).filter(Boolean);
  let total = 0;
  for (const term of terms) {
    const best = Math.max(0, ...words.map((word, i) => scoreTerm(term, fold(word)) / (1 + i * 0.5)));
    if (best === 0) return 0;
    total += best;
  }
  return total / Math.max(1, terms.length);
}

function scoreTerm(term: string, word: string): number {
  if (word === term) return 100;
  if (word.startsWith(term)) return 80;
  const at = word.indexOf(term);
  if (at < 0) return 0;
  return /[\p{L}\p{N}]/u.test(word[at - 1] ?? " ") ? 20 : 60;
}

export function rank<T>(query: string, items: readonly T[], words: (item: T) => readonly string[]): T[] {
  return items
    .map((item, i) => ({ item, i, points: score(query, words(item)) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || a.i - b.i)
    .map(({ item }) => item);
}
