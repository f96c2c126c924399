// What was typed on the wrong keyboard layout: "rjyn" means "конт", "ыс" means "sc".
const latin = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~";
const cyrillic = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ";

const toCyrillic = new Map(Array.from(latin, (letter, at) => [letter, cyrillic[at] ?? letter]));
const toLatin = new Map(Array.from(cyrillic, (letter, at) => [letter, latin[at] ?? letter]));

/** The same keys read on the other layout. */
export function onOtherLayout(text: string): string {
  return Array.from(text, (letter) => toCyrillic.get(letter) ?? toLatin.get(letter) ?? letter).join("");
}

const plain = (text: string) => text.toLowerCase().replaceAll("ё", "е").trim();

/** How well `query` fits `title`: 0 not at all; a start of the title counts more than a start of a word, that more than a middle. */
export function fit(title: string, query: string): number {
  const wanted = plain(query);
  if (wanted === "") return 1;
  return Math.max(fitPlain(plain(title), wanted), fitPlain(plain(title), plain(onOtherLayout(query))) * 0.9);
}

function fitPlain(title: string, wanted: string): number {
  if (title.startsWith(wanted)) return 3;
  if (title.split(/[\s,.:«»"()-]+/).some((word) => word.startsWith(wanted))) return 2;
  return title.includes(wanted) ? 1 : 0;
}
