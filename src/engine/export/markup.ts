import { visibleText } from './visible-text.ts';

/** A piece of HTML or SVG that may be put into a document as it is. Only this file makes one. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Markup | string | number | null | readonly Content[];

/**
 * HTML from a template. Whatever is put in is escaped, unless it is Markup itself: forgetting to escape is not
 * possible, only vouching for something that should have been (`trustedMarkup`). Lists are put end to end; null is
 * nothing.
 */
export function markup(fixed: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(
    fixed
      .map((text, index) => text + (index < contents.length ? render(contents[index] ?? null) : ''))
      .join(''),
  );
}

/** Vouches that `text` is markup that this program made: a drawing, a style sheet, a data URI. */
export function trustedMarkup(text: string): Markup {
  return new Markup(text);
}

/** Text that stays text in an element and in a quoted attribute, and that XML allows. */
export function escapeText(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function render(content: Content): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return escapeText(String(content));
  return content.map(render).join('');
}
