/** A piece of HTML whose text is already escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | readonly Html[] | undefined | false;

/** A template whose values are escaped, in text and in quoted attributes; only {@link Html} goes in as it is. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  let text = strings[0]!;
  values.forEach((value, i) => {
    text += written(value) + strings[i + 1]!;
  });
  return new Html(text);
}

/** Text that we wrote ourselves: a style sheet, a path of numbers. Never what somebody passed in. */
export function raw(text: string): Html {
  return new Html(text);
}

function written(value: Part): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map((part: Html) => part.text).join('');
  return escapeText(String(value));
}

// What XML 1.0 forbids even escaped would make the page's SVG invalid: control characters and lone surrogates.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);
}
