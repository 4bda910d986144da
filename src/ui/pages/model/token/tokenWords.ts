/** A token as it can be seen: a space or a line's end has no ink. */
export function shownText(text: string): string {
  if (text === '') return '‹part of a character›';
  return text.replaceAll('\n', '⏎').replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length));
}
