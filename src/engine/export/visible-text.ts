/**
 * Control characters, and those that turn the direction of writing around, made visible: names in a recording come from
 * anybody, could write to the terminal in which a file is looked at, and make an SVG no XML any more. Line breaks and
 * tabulators stay.
 */
export function visibleText(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g,
    '\uFFFD',
  );
}
